import ResourceContainer
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The clock of the world, and by how much people here differ from UTC.
struct LocalTime: Sendable {
    /// Unix time, in nanoseconds.
    let now: @Sendable () -> Int64
    /// What is added to UTC at a Unix time in seconds.
    let offset: @Sendable (_ unixSeconds: Int64) -> Int64

    /// The machine's clock, and the rules of the C library: `TZ` in all its forms, or the machine's zone.
    static let system = LocalTime(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        },
        offset: { Int64(Self.parts(of: $0).tm_gmtoff) }
    )

    /// `20260101-120005-123`: the local time as part of a file's name.
    static func stamp(_ unixNanoseconds: Int64 = Self.system.now()) -> String {
        let parts = Self.parts(of: unixNanoseconds / 1_000_000_000)
        func digits(_ value: some BinaryInteger, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let day = digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2)
        let time = digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2)
        return "\(day)-\(time)-\(digits(unixNanoseconds / 1_000_000 % 1000, 3))"
    }

    private static func parts(of unixSeconds: Int64) -> tm {
        var seconds = time_t(unixSeconds)
        var parts = tm()
        // The variant that may be called by several threads does not look at `TZ` by itself.
        tzset()
        localtime_r(&seconds, &parts)
        return parts
    }
}

extension WallClock {
    /// The time of day here for the system's monotonic time.
    public static var here: WallClock {
        WallClock(LocalTime.system, time: .system)
    }

    init(_ local: LocalTime, time: TimeSource) {
        let unix = local.now()
        self.init(originNanoseconds: unix - time.now.nanoseconds, offsetSeconds: local.offset(unix / 1_000_000_000))
    }

    /// Looks at the clock of the world again, `last` being when that was done last; true if it goes differently from before.
    mutating func look(_ local: LocalTime, time: TimeSource, last: TimeSource.Instant) -> Bool {
        let (unix, now) = (local.now(), time.now)
        let offset = local.offset(unix / 1_000_000_000)
        let origin = unix - now.nanoseconds
        var since = now
        if offset != self.offsetSeconds {
            // Between two looks may lie hours: nobody looks while the picture stands still. The hour changed at a full second.
            var (before, after) = ((origin + last.nanoseconds) / 1_000_000_000, unix / 1_000_000_000)
            while after - before > 1 {
                let middle = before + (after - before) / 2
                if local.offset(middle) == offset { after = middle } else { before = middle }
            }
            since = TimeSource.Instant(nanoseconds: min(now.nanoseconds, after * 1_000_000_000 - origin))
        }
        return self.read(originNanoseconds: origin, offsetSeconds: offset, at: since)
    }
}

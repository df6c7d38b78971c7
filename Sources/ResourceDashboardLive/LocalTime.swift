import ResourceContainer
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The time of day and the local time zone's offset from UTC.
struct LocalTime: Sendable {
    /// Unix time in nanoseconds.
    let now: @Sendable () -> Int64
    /// The offset from UTC at a Unix time, in seconds.
    let offset: @Sendable (_ unixSeconds: Int64) -> Int64

    /// The system clock, with the time zone of the C library: `TZ` in all its forms, or the system's zone.
    static let system = LocalTime(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        },
        offset: { Int64(Self.parts(of: $0).tm_gmtoff) }
    )

    /// The local time as part of a file name: `20260101-120005-123`.
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
        // `localtime_r` need not read `TZ`.
        tzset()
        localtime_r(&seconds, &parts)
        return parts
    }
}

extension WallClock {
    /// The local time of day for the system's monotonic time.
    public static var here: WallClock {
        WallClock(LocalTime.system, time: .system)
    }

    init(_ local: LocalTime, time: TimeSource) {
        let unix = local.now()
        self.init(originNanoseconds: unix - time.now.nanoseconds, offsetSeconds: local.offset(unix / 1_000_000_000))
    }

    /// Reads the time of day again. `last` is the instant of the previous reading. Returns whether the clock has changed.
    mutating func look(_ local: LocalTime, time: TimeSource, last: TimeSource.Instant) -> Bool {
        let (unix, now) = (local.now(), time.now)
        let offset = local.offset(unix / 1_000_000_000)
        let origin = unix - now.nanoseconds
        var since = now
        if offset != self.offsetSeconds {
            // Hours may lie between two readings, because a paused dashboard makes none. Find the full second at which the offset changed.
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

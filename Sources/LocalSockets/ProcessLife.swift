#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The life of one process on this machine. A later process with the same number is another one.
package struct ProcessLife: Sendable, Hashable {
    /// The number of the process.
    package let pid: Int32
    /// The time of its start, in ticks since the start of the machine; nil if the system does not report it.
    private let start: UInt64?

    /// The life of the process that has this number now; nil if there is none.
    package init?(of pid: Int32) {
        guard pid > 0 else { return nil }
        let state = Self.state(of: pid)
        guard state.isAlive else { return nil }
        self.pid = pid
        self.start = state.start
    }

    /// Whether the process still runs. A process that has ended and is not reaped does not run.
    package var isAlive: Bool {
        let state = Self.state(of: self.pid)
        guard state.isAlive, let start = self.start, let now = state.start else { return state.isAlive }
        return now == start
    }

    /// Whether the process ends within `milliseconds`. The sockets of a process that ends are closed shortly before it is gone.
    package func ends(withinMilliseconds milliseconds: Int) -> Bool {
        for attempt in 0...(milliseconds / 5) {
            if attempt > 0 { usleep(5_000) }
            if !self.isAlive { return true }
        }
        return false
    }

    /// The time of the start, as a Unix time in whole seconds; nil if the system does not report it. It is computed from the present time of
    /// day, so it is wrong by as much as the clock was set since the start, and by up to two seconds.
    package var started: Int64? {
        #if os(Linux)
            guard let start = self.start else { return nil }
            let ticksPerSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
            var (sinceBoot, now) = (timespec(), timespec())
            clock_gettime(CLOCK_BOOTTIME, &sinceBoot)
            clock_gettime(CLOCK_REALTIME, &now)
            return Int64(now.tv_sec) - Int64(sinceBoot.tv_sec) + Int64(start / ticksPerSecond)
        #else
            return nil
        #endif
    }

    private static func state(of pid: Int32) -> (isAlive: Bool, start: UInt64?) {
        #if os(Linux)
            do throws(SystemError) {
                let bytes = try ProcFile.read("/proc/\(pid)/stat", atMost: 4_096)
                return Self.state(in: String(decoding: bytes, as: UTF8.self))
            } catch {
                return (Self.isAlive(despite: error), nil)
            }
        #else
            return (kill(pid, 0) == 0 || errno == EPERM, nil)
        #endif
    }

    /// Whether a process runs whose state cannot be read. A process without a free descriptor learns nothing about others.
    static func isAlive(despite error: SystemError) -> Bool {
        !error.isEndOfProcess
    }

    /// Reads a line `pid (name) state parent …`, where the name may contain any character. The time of the start is the 22nd field.
    static func state(in line: String) -> (isAlive: Bool, start: UInt64?) {
        guard let end = line.lastIndex(of: ")") else { return (false, nil) }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard let state = fields.first else { return (false, nil) }
        return (state != "Z" && state != "X" && state != "x", fields.count > 19 ? UInt64(fields[19]) : nil)
    }
}

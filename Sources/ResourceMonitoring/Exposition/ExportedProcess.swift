#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The process that a report is about, for the metrics that describe the process.
public struct ExportedProcess: Sendable, Hashable {
    /// The number of the process.
    public var pid: Int32
    /// The start of the process, in seconds of Unix time.
    public var startTime: Double
    /// The version of the libraries in the process.
    public var version: String

    /// Creates a description of a process.
    public init(pid: Int32, startTime: Double, version: String = Self.libraryVersion) {
        self.pid = pid
        self.startTime = startTime
        self.version = version
    }

    /// The version of these libraries.
    public static let libraryVersion = "0.2.0"

    /// The calling process. Its start is read once; if it cannot be read, it is the time of the first use.
    public static let current = ExportedProcess(pid: getpid(), startTime: Self.startOfThisProcess ?? Self.now)

    private static var now: Double {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }

    #if canImport(Darwin)
        private static var startOfThisProcess: Double? {
            var request = [CTL_KERN, KERN_PROC, KERN_PROC_PID, getpid()]
            var info = kinfo_proc()
            var size = MemoryLayout<kinfo_proc>.stride
            guard sysctl(&request, UInt32(request.count), &info, &size, nil, 0) == 0 else { return nil }
            let start = info.kp_proc.p_un.__p_starttime
            return Double(start.tv_sec) + Double(start.tv_usec) / 1e6
        }
    #else
        private static var startOfThisProcess: Double? {
            guard let process = Self.text(of: "/proc/self/stat"), let system = Self.text(of: "/proc/stat") else { return nil }
            return Self.startTime(process: process, system: system, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)))
        }

        /// The text of a file of the kernel; nil if it cannot be read.
        private static func text(of path: String) -> String? {
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return nil }
            defer { close(file) }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            while true {
                let count = read(file, &buffer, buffer.count)
                if count == 0 { return String(decoding: bytes, as: UTF8.self) }
                guard count > 0 else { return nil }
                bytes += buffer[..<count]
            }
        }
    #endif

    /// The start of a process on Linux, in seconds of Unix time; nil for texts of another form.
    ///
    /// - Parameters:
    ///   - process: The text of `/proc/PID/stat`: `pid (name) state …`, where the name may contain any character. The 22nd field is the start
    ///     in ticks since the start of the system.
    ///   - system: The text of `/proc/stat`, whose line `btime` has the start of the system.
    ///   - ticksPerSecond: The number of ticks in a second.
    static func startTime(process: String, system: String, ticksPerSecond: Int) -> Double? {
        guard let end = process.lastIndex(of: ")"), ticksPerSecond > 0 else { return nil }
        let fields = process[process.index(after: end)...].split(separator: " ")
        let line = system.split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard fields.count > 19, let ticks = Double(fields[19]), let boot = line.flatMap({ Double($0.dropFirst(6)) }) else { return nil }
        return boot + ticks / Double(ticksPerSecond)
    }
}

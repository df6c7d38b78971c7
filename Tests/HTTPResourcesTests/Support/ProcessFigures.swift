import Foundation

/// Figures of the test's process. They are meaningful in a process that runs nothing else, such as that of an exit test.
enum ProcessFigures {
    /// Whether the environment requests the full extent of the tests.
    static let isSoak = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1"

    /// The number of open descriptors, without the timers of the concurrency runtime, which opens one for each clock on first use.
    static func descriptors() throws -> Int {
        #if os(Linux)
            let files = FileManager.default
            return try files.contentsOfDirectory(atPath: "/proc/self/fd").count { number in
                (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) != "anon_inode:[timerfd]"
            }
        #else
            return try FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count
        #endif
    }

    /// The resident memory in bytes; nil if the system does not report it in a file.
    static func residentBytes() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
    }
}

import Foundation
import Testing

/// The cost of a fault for the watched process: the longest pause of its own thread, with and without the fault.
///
/// If the environment variable `RESMON_FAULT_TABLE` names a file, a row is appended to it.
enum FaultRow {
    /// A pause that only a server which delays its process causes. Busy machines pause threads for much of a second.
    private static let limit = 2_000_000_000

    /// Runs `fault` while `child` works, and compares the pauses.
    static func measure(_ name: String, _ child: ChildServer, _ fault: () throws -> Void) throws {
        _ = try child.number("pause")
        Self.wait(milliseconds: 300)
        let without = try child.number("pause")
        try fault()
        let with = try child.number("pause")
        #expect(with < Self.limit)
        try Self.write("| \(name) | \(Self.text(without)) | \(Self.text(with)) |\n")
    }

    /// Lets the processes run.
    static func wait(milliseconds: UInt32) {
        usleep(milliseconds * 1000)
    }

    private static func text(_ nanoseconds: Int) -> String {
        String(format: "%.1f ms", Double(nanoseconds) / 1e6)
    }

    private static func write(_ row: String) throws {
        guard let path = ProcessInfo.processInfo.environment["RESMON_FAULT_TABLE"] else { return }
        var rows = FileManager.default.contents(atPath: path) ?? Data()
        rows.append(Data(row.utf8))
        try rows.write(to: URL(fileURLWithPath: path))
    }
}

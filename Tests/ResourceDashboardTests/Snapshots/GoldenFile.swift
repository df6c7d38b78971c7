import Foundation
import Testing

/// A picture of the screen as plain text under `Golden/`, compared to the byte.
///
/// Rewritten only when the environment variable `RESMON_REWRITE_GOLDEN` is 1; a file that is missing is a failure.
enum GoldenFile {
    static func expect(_ text: String, named name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["RESMON_REWRITE_GOLDEN"] == "1" {
            do { try Data(text.utf8).write(to: file) } catch { Issue.record(error, sourceLocation: sourceLocation) }
            return
        }
        guard let data = FileManager.default.contents(atPath: file.path), let golden = String(data: data, encoding: .utf8) else {
            Issue.record("Golden/\(name).txt is missing: run with RESMON_REWRITE_GOLDEN=1 and look at it", sourceLocation: sourceLocation)
            return
        }
        guard text != golden else { return }
        let differing = zip(text.split(separator: "\n"), golden.split(separator: "\n")).enumerated().first { $0.element.0 != $0.element.1 }
        let detail =
            differing.map { "row \($0.offset + 1)\n  is     \($0.element.0)\n  golden \($0.element.1)" } ?? "the number of rows differs"
        Issue.record("\(name) differs from its golden file at \(detail)", sourceLocation: sourceLocation)
    }
}

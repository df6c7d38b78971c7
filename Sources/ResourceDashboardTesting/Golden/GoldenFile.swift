import Foundation
import ResourceRecording

/// A file with a reviewed text. Tests compare later output with it, byte by byte.
///
/// Golden files are in the folder `Golden` beside the source file of the test; the test target must `exclude: ["Golden"]`. With the
/// environment variable `RESMON_REWRITE_GOLDEN=1` they are written instead of compared: review the changes before you keep them. A missing
/// file is a failure, so no test passes without a reviewed file.
public struct GoldenFile: Hashable, Sendable {
    /// The name of the environment variable. If its value is `1`, golden files are written instead of compared.
    public static let rewritingVariable = "RESMON_REWRITE_GOLDEN"

    /// The path of the file.
    public let path: String

    /// Creates a golden file at `path`. The file need not exist.
    public init(path: String) {
        self.path = path
    }

    /// The golden file `Golden/NAME` beside the calling source file. A name without an extension gets `.txt`. For other formats see
    /// ``DashboardFrame/text(for:)``.
    public static func golden(_ name: String, filePath: String = #filePath) -> GoldenFile {
        let folder = URL(fileURLWithPath: filePath).deletingLastPathComponent().appendingPathComponent("Golden")
        let file = folder.appendingPathComponent(name)
        return GoldenFile(path: (file.pathExtension.isEmpty ? file.appendingPathExtension("txt") : file).path)
    }

    /// Whether the environment variable requests that golden files be written.
    public static var isRewriting: Bool {
        ProcessInfo.processInfo.environment[Self.rewritingVariable] == "1"
    }

    /// The file extension in lower case: `txt`, `svg`, `ansi`.
    public var ending: String {
        URL(fileURLWithPath: self.path).pathExtension.lowercased()
    }

    /// The folder and the name of the file, as failures name it: `Golden/checkout.txt`.
    var label: String {
        self.path.split(separator: "/").suffix(2).joined(separator: "/")
    }

    /// Compares `text` with the file byte by byte, or writes the file and its folder if `rewriting` is true.
    ///
    /// - Parameters:
    ///   - text: the text to compare.
    ///   - subject: the name of the text in a failure: `the overview`.
    ///   - rewriting: whether to write the file instead of comparing.
    /// - Throws: ``GoldenFailure`` if the file is missing, cannot be read or written, or has other content.
    public func expect(
        _ text: String,
        subject: String = "the text",
        rewriting: Bool = GoldenFile.isRewriting
    ) throws(GoldenFailure) {
        if rewriting { return try self.write(text) }
        let golden: Data
        do {
            golden = try Data(contentsOf: URL(fileURLWithPath: self.path))
        } catch {
            guard FileManager.default.fileExists(atPath: self.path) else { throw .missing(self, text, subject) }
            throw .unreadable(self, text, error)
        }
        guard let difference = TextDifference(golden: Array(golden), drawn: Array(text.utf8)) else { return }
        throw .different(self, text, subject, difference)
    }

    private func write(_ text: String) throws(GoldenFailure) {
        let file = URL(fileURLWithPath: self.path)
        do {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try OutputTarget(self.path).write(Array(text.utf8), replacing: true)
        } catch {
            throw .unwritable(self, text, error)
        }
    }
}

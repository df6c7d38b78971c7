import Foundation
import ResourceRecording

/// A text that a person has looked at and found right, kept in a file: what is drawn later is compared with it, to the byte.
///
/// Golden files stand in the folder `Golden` beside the source file of the test; the target has to `exclude: ["Golden"]`. With the
/// environment variable `RESMON_REWRITE_GOLDEN=1` they are written instead of compared with: look at what has changed before you keep it. A
/// file that is missing is a failure, so that a test never passes because nobody has looked.
public struct GoldenFile: Hashable, Sendable {
    /// The variable that has golden files written instead of compared with, if it is `1`.
    public static let rewritingVariable = "RESMON_REWRITE_GOLDEN"

    /// Where it stands.
    public let path: String

    /// The golden file at `path`.
    public init(path: String) {
        self.path = path
    }

    /// `Golden/NAME` beside the file that says so. A name without an ending is that of a `.txt`; for what else can be compared see
    /// ``DashboardFrame/text(for:)``.
    public static func golden(_ name: String, filePath: String = #filePath) -> GoldenFile {
        let folder = URL(fileURLWithPath: filePath).deletingLastPathComponent().appendingPathComponent("Golden")
        let file = folder.appendingPathComponent(name)
        return GoldenFile(path: (file.pathExtension.isEmpty ? file.appendingPathExtension("txt") : file).path)
    }

    /// Whether golden files are to be written instead of compared with.
    public static var isRewriting: Bool {
        ProcessInfo.processInfo.environment[Self.rewritingVariable] == "1"
    }

    /// The end of the name, in lower case: `txt`, `svg`, `ansi`.
    public var ending: String {
        URL(fileURLWithPath: self.path).pathExtension.lowercased()
    }

    /// The file and its folder, as failures name it: `Golden/checkout.txt`.
    var label: String {
        self.path.split(separator: "/").suffix(2).joined(separator: "/")
    }

    /// Compares `text` with the file: every byte counts, nothing is left out. Or writes the file, and its folder, if `rewriting`.
    ///
    /// - Parameters:
    ///   - text: what is there now.
    ///   - subject: what `text` is, for the failure: `the overview`.
    ///   - rewriting: whether the file is written instead of compared with.
    /// - Throws: ``GoldenFailure`` if the file is missing, cannot be read or written, or says something else.
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

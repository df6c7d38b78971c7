import ResourceContainer
import ResourceRecording

/// The part that all answers of the Prometheus HTTP API have in common, also those with an error status.
struct AnswerEnvelope {
    /// The range of the data in the bytes; nil without data.
    private(set) var data: Range<Int>?
    private(set) var warnings: [String] = []
    /// The error, with its kind, if the server reports one: `bad_data: parse error`.
    private(set) var fault: String?

    /// The longest text of the server that is shown, in Unicode scalars, and the largest number of warnings. A text becomes one line.
    private static let limits = (text: 300, warnings: 20)

    /// Reads an answer.
    ///
    /// - Throws: An error if the bytes are not an object with a status that the API knows.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        var walk = JSONWalk(bytes)
        var (status, kind, message) = ("", "", "")
        var warnings: [String] = []
        var data: Range<Int>?
        try walk.fields { name, walk in
            switch name {
            case "status": status = try walk.string()
            case "errorType": kind = try walk.string()
            case "error": message = try walk.string()
            case "data": data = try walk.value()
            case "warnings", "infos": warnings += try walk.strings()
            default: _ = try walk.value()
            }
        }
        guard walk.isAtEnd, status == "success" || status == "error" else { throw JSONWalk.Fault() }
        self.data = data
        self.warnings = warnings.prefix(Self.limits.warnings).map { $0.cleaned(limit: Self.limits.text) }
        if status == "error" {
            let words = [kind, message].filter { !$0.isEmpty }.joined(separator: ": ")
            self.fault = words.isEmpty ? "the server reports an error without a text" : words.cleaned(limit: Self.limits.text)
        }
    }

    /// Returns the error that the body of an answer reports; nil if it is not an answer of the API, or has none.
    static func fault(in bytes: [UInt8]) -> String? {
        bytes.withUnsafeBufferPointer { (try? AnswerEnvelope($0))?.fault }
    }
}

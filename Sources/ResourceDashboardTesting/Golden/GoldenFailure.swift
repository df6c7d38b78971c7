import Foundation
import ResourceRecording

/// An error that reports a text that differs from its golden file, or a golden file that cannot be used.
public struct GoldenFailure: Error, Sendable, CustomStringConvertible {
    /// The code of a failure. More codes may be added; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case missing, different, unreadable, unwritable
        }

        private let raw: Raw

        /// The golden file does not exist.
        public static let missing = Code(raw: .missing)
        /// The golden file has other content.
        public static let different = Code(raw: .different)
        /// The golden file exists and cannot be read.
        public static let unreadable = Code(raw: .unreadable)
        /// The golden file cannot be written.
        public static let unwritable = Code(raw: .unwritable)

        /// The name of the code.
        public var description: String {
            self.raw.rawValue
        }
    }

    /// The code of the failure.
    public let code: Code
    /// The golden file.
    public let golden: GoldenFile
    /// The text that was compared.
    public let text: String
    /// A description of the failure and its remedy; for a difference, with the lines that differ.
    public let description: String

    private init(_ code: Code, _ golden: GoldenFile, _ text: String, _ description: String) {
        self.code = code
        self.golden = golden
        self.text = text
        self.description = description
    }

    static func missing(_ golden: GoldenFile, _ text: String, _ subject: String) -> GoldenFailure {
        GoldenFailure(
            .missing,
            golden,
            text,
            """
            \(subject) has no golden file: there is no \(golden.path).
            Run the test with \(GoldenFile.rewritingVariable)=1 to write it, and review it before you keep it.
            """
        )
    }

    static func different(_ golden: GoldenFile, _ text: String, _ subject: String, _ difference: TextDifference) -> GoldenFailure {
        GoldenFailure(
            .different,
            golden,
            text,
            """
            \(subject) differs from \(golden.label) in \(difference.summary)\(difference.listing)

            If the drawn text is correct, run the test with \(GoldenFile.rewritingVariable)=1 to write it to
            \(golden.path), and review the changes before you keep them.
            """
        )
    }

    static func unreadable(_ golden: GoldenFile, _ text: String, _ error: any Error) -> GoldenFailure {
        GoldenFailure(.unreadable, golden, text, "the golden file \(golden.path) cannot be read: \(Self.reason(error))")
    }

    static func unwritable(_ golden: GoldenFile, _ text: String, _ error: any Error) -> GoldenFailure {
        GoldenFailure(
            .unwritable,
            golden,
            text,
            "the golden file \(golden.path) cannot be written: \(Self.reason(error)): "
                + "without \(GoldenFile.rewritingVariable) it is only read"
        )
    }

    private static func reason(_ error: any Error) -> String {
        if let fault = error as? FileFault { return fault.reason }
        return ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.localizedDescription ?? error.localizedDescription
    }
}

import Foundation
import ResourceRecording

/// Something is not as its golden file says, or there is no such file to compare it with.
public struct GoldenFailure: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure. More may be added; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case missing, different, unreadable, unwritable
        }

        private let raw: Raw

        /// There is no golden file yet.
        public static let missing = Code(raw: .missing)
        /// The golden file says something else.
        public static let different = Code(raw: .different)
        /// The golden file is there and cannot be read.
        public static let unreadable = Code(raw: .unreadable)
        /// The golden file was to be written and cannot be.
        public static let unwritable = Code(raw: .unwritable)

        public var description: String {
            self.raw.rawValue
        }
    }

    /// The kind of the failure.
    public let code: Code
    /// The golden file.
    public let golden: GoldenFile
    /// What was compared with it.
    public let text: String
    /// What happened and what to do about it; for a difference, the lines that differ.
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
            \(subject) has no golden file yet: there is no \(golden.path).
            Run the test with \(GoldenFile.rewritingVariable)=1 to write it, and look at it before you keep it.
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

            If it is right as it is drawn now, run the test with \(GoldenFile.rewritingVariable)=1 to write it to
            \(golden.path), and look at what changes there before you keep it.
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
                + "without \(GoldenFile.rewritingVariable) it is only compared with"
        )
    }

    private static func reason(_ error: any Error) -> String {
        if let fault = error as? FileFault { return fault.reason }
        return ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.localizedDescription ?? error.localizedDescription
    }
}

/// The file, line and reason of a rejected theme. The theme in use is kept.
public struct ThemeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path or name that was given.
    public let file: String
    /// The line, from 1; nil if the fault is not in a line, for example if the file does not exist.
    public let line: Int?
    /// The fault, and the values that would be accepted.
    public let reason: String

    /// Creates an error.
    public init(file: String, line: Int? = nil, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    /// The error as one line: `themes/x.yaml:7: base0B "zz" is not a color: six hexadecimal digits are accepted`.
    public var description: String {
        let location = self.line.map { "\(self.file):\($0)" } ?? self.file
        return "\(location): \(self.reason)"
    }
}

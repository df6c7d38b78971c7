/// Why a theme was refused: file, line and reason. The theme in use stays.
public struct ThemeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path or name as it was given.
    public let file: String
    /// From 1; nil if the trouble is not in a line (there is no such file).
    public let line: Int?
    /// What is wrong and what would be accepted.
    public let reason: String

    public init(file: String, line: Int? = nil, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    /// `themes/x.yaml:7: base0B "zz" is not a colour: six hexadecimal digits are accepted`
    public var description: String {
        let place = self.line.map { "\(self.file):\($0)" } ?? self.file
        return "\(place): \(self.reason)"
    }
}

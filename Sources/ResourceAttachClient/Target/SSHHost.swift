import ResourceContainer

/// A host that `ssh` connects to: `HOST`, `USER@HOST`, or either with `:PORT`.
///
/// It contains only characters that neither `ssh` nor a shell interprets.
public struct SSHHost: Sendable, Hashable {
    /// The name of the user; nil for the one that the configuration of `ssh` chooses.
    public let user: String?
    /// The name of the host, its address, or an alias of the configuration of `ssh`.
    public let host: String
    /// The port; nil for the one that the configuration of `ssh` chooses.
    public let port: UInt16?

    /// Parses the part of a URL between `ssh://` and the next slash.
    ///
    /// - Throws: ``AttachTargetError`` if the user, the host, or the port contains other characters.
    public init(parsing text: String) throws(AttachTargetError) {
        let shown = text.asName
        var rest = text[...]
        if let at = rest.firstIndex(of: "@") {
            let user = String(rest[..<at])
            guard Self.isPlain(user, extra: "_") else { throw AttachTargetError("'\(shown)' contains no user name that ssh:// supports") }
            self.user = user
            rest = rest[rest.index(after: at)...]
        } else {
            self.user = nil
        }
        if let colon = rest.firstIndex(of: ":") {
            guard let port = UInt16(rest[rest.index(after: colon)...]), port > 0 else {
                throw AttachTargetError("'\(shown)' contains no valid port")
            }
            self.port = port
            rest = rest[..<colon]
        } else {
            self.port = nil
        }
        self.host = String(rest)
        guard Self.isPlain(self.host) else {
            throw AttachTargetError(
                "'\(shown)' is not a host: it consists of letters, digits, dots, and hyphens, and does not begin with a hyphen;"
                    + " give other addresses a name in ~/.ssh/config"
            )
        }
    }

    /// The host as it is written in a URL.
    public var text: String {
        (self.user.map { "\($0)@" } ?? "") + self.host + (self.port.map { ":\($0)" } ?? "")
    }

    /// The command that connects its standard input and output to the server of `name` on this host.
    ///
    /// `ssh` runs without a terminal and without prompts, because the terminal shows the dashboard. It ends if the host does not answer for ten
    /// seconds when connecting, or about as long later. The shell of the other host receives the name quoted.
    func command(dialing name: String?) -> [String] {
        var words = ["ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=3"]
        if let port { words += ["-p", "\(port)"] }
        if let user { words += ["-l", user] }
        words += ["--", self.host, "resmon", "dial"]
        if let name { words.append(CommandWords.quoted(name)) }
        return words
    }

    /// Whether `text` consists of ASCII letters, digits, dots, hyphens, and `extra`, and does not begin with a hyphen.
    private static func isPlain(_ text: String, extra: Character? = nil) -> Bool {
        guard !text.isEmpty, !text.hasPrefix("-") else { return false }
        return text.allSatisfy { character in
            character.isASCII && (character.isLetter || character.isNumber) || character == "." || character == "-" || character == extra
        }
    }
}

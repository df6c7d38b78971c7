import ResourceContainer

/// The target of an attach: which process, and how it is reached.
///
/// A target is parsed from the words of a command line. Parsing reads no file and starts nothing.
public enum AttachTarget: Sendable, Hashable {
    /// The containers that the process with this number serves on this machine.
    case pid(Int32)
    /// The containers on this machine with this name, or of programs with this name.
    case name(String)
    /// The server at the path of a socket.
    case path(String)
    /// A server on another machine, reached with `ssh HOST resmon dial NAME`. Without a name, the machine must serve one container.
    case ssh(SSHHost, name: String?)
    /// The server that a command connects its standard input and output to. The words are the program and its arguments; no shell runs.
    case command([String])

    /// Parses the words of a command line: `PID`, `NAME`, `PATH`, `ssh://HOST`, `ssh://HOST NAME`, and `ssh://HOST/NAME`.
    ///
    /// - Parameters:
    ///   - words: The words. A word after `ssh://HOST` that is neither a path nor a URL is a name on that host.
    ///   - via: The command line of a command that connects to a server; nil for none. It makes a further target.
    /// - Throws: ``AttachTargetError`` for a word that is no target.
    public static func parse(_ words: [String], via: String? = nil) throws(AttachTargetError) -> [AttachTarget] {
        var targets: [AttachTarget] = []
        for word in words {
            if case .ssh(let host, nil) = targets.last, !word.contains("/") {
                targets[targets.count - 1] = .ssh(host, name: try Self.name(word, in: word))
            } else {
                targets.append(try AttachTarget(parsing: word))
            }
        }
        if let via { targets.append(.command(try CommandWords.split(via))) }
        return targets
    }

    /// Parses one word.
    ///
    /// - Throws: ``AttachTargetError`` if the word is no target.
    public init(parsing word: String) throws(AttachTargetError) {
        if let rest = word.suffix(after: "ssh://") {
            let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let host = try SSHHost(parsing: String(parts[0]))
            let name = parts.count == 2 && !parts[1].isEmpty ? try Self.name(String(parts[1]), in: word) : nil
            self = .ssh(host, name: name)
        } else if let path = word.suffix(after: "unix://") {
            guard path.hasPrefix("/") else { throw AttachTargetError("'\(word.asName)' has no absolute path: write unix:///run/x.sock") }
            self = .path(String(path))
        } else if word.contains("://") {
            throw AttachTargetError("'\(word.asName)' is no target: only ssh:// and unix:// URLs are known")
        } else if word.contains("/") {
            self = .path(word)
        } else if !word.isEmpty, word.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
            guard let pid = Int32(word), pid > 0 else { throw AttachTargetError("\(word.asName) is not the number of a process") }
            self = .pid(pid)
        } else {
            self = .name(try Self.name(word, in: word))
        }
    }

    /// Checks a name. A name that begins with a hyphen would be an option of another command.
    private static func name(_ name: String, in word: String) throws(AttachTargetError) -> String {
        if name.isEmpty { throw AttachTargetError("a name is empty: give a process number, a name, a path, or ssh://HOST") }
        if name.hasPrefix("-") { throw AttachTargetError("'\(word.asName)' is no target: a name does not begin with a hyphen") }
        if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            throw AttachTargetError("'\(word.asName)' is no target: a name contains no control characters")
        }
        return name
    }

    /// The target for users, as it is written on a command line.
    public var description: String {
        switch self {
        case .pid(let pid): "\(pid)"
        case .name(let name): name.asName
        case .path(let path): path.asName
        case .ssh(let host, let name): "ssh://\(host.text)\(name.map { "/\($0.asName)" } ?? "")"
        case .command(let words): words.joined(separator: " ").asName
        }
    }
}

extension AttachTarget: CustomStringConvertible {}

/// The error of a word that is not an ``AttachTarget``, as a sentence for users.
public struct AttachTargetError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence, without a period.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension String {
    /// The text after `prefix`; nil if it does not begin with it.
    fileprivate func suffix(after prefix: String) -> Substring? {
        self.hasPrefix(prefix) ? self.dropFirst(prefix.count) : nil
    }
}

/// Which key asks for what: the table of commands, with the keys that a person chose instead.
public struct KeyMap: Sendable {
    /// The commands in the order of the help, with their keys.
    public let commands: [CommandInfo]
    private let byKey: [Key: [CommandInfo]]

    /// The keys as they are documented.
    public static let standard = KeyMap(CommandInfo.all)

    private init(_ commands: [CommandInfo]) {
        self.commands = commands
        self.byKey = Dictionary(grouping: commands.flatMap { info in info.keys.map { ($0, info) } }, by: \.0).mapValues { $0.map(\.1) }
    }

    /// The standard keys but for those of the commands named in `changes`.
    ///
    /// - Parameter changes: the name of a command, and the names of its keys, of which there may be none.
    /// - Throws: ``KeyMapError``, for the first change that cannot be made, in the order of the names.
    public init(changes: [String: [String]]) throws(KeyMapError) {
        var commands = CommandInfo.all
        for (name, keys) in changes.sorted(by: { $0.key < $1.key }) {
            guard let index = commands.firstIndex(where: { $0.command.rawValue == name }) else { throw .unknownCommand(name) }
            var chosen: [Key] = []
            for key in keys {
                guard let key = Key(named: key) else { throw .unknownKey(key, command: name) }
                chosen.append(key)
            }
            commands[index].keys = chosen
            commands[index].label = chosen.isEmpty ? ":\(name)" : chosen.map(\.name).joined(separator: " ")
        }
        for view in DashboardView.allCases {
            var owners: [Key: CommandInfo] = [:]
            for info in commands where info.views?.contains(view) ?? true {
                for key in info.keys {
                    if let other = owners.updateValue(info, forKey: key) {
                        throw .ambiguous(key, other.command, info.command)
                    }
                }
            }
        }
        // Without these nobody would find the way out.
        for command in [Command.help, .quit] where commands.contains(where: { $0.command == command && $0.keys.isEmpty }) {
            throw .indispensable(command)
        }
        self.init(commands)
    }

    /// What `key` asks for in `view`.
    func command(for key: Key, in view: DashboardView) -> CommandInfo? {
        self.byKey[key]?.first { $0.views?.contains(view) ?? true }
    }

    /// What stands in the table for `command`.
    func info(_ command: Command) -> CommandInfo? {
        self.commands.first { $0.command == command }
    }

    /// The first key of `command`, as people write it.
    public func key(_ command: Command) -> String {
        self.info(command).map { $0.keys.first?.name ?? $0.label } ?? ""
    }
}

/// Why keys cannot be as somebody wants them.
public enum KeyMapError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownCommand(String)
    case unknownKey(String, command: String)
    case ambiguous(Key, Command, Command)
    case indispensable(Command)

    /// The name of the command at fault.
    public var command: String {
        switch self {
        case .unknownCommand(let name), .unknownKey(_, let name): name
        case .ambiguous(_, _, let command), .indispensable(let command): command.rawValue
        }
    }

    /// The name of the other command that has the key, if two are at odds.
    public var other: String? {
        if case .ambiguous(_, let command, _) = self { command.rawValue } else { nil }
    }

    public var description: String {
        switch self {
        case .unknownCommand(let name):
            "there is no command '\(name)': 'resmon keys' lists them"
        case .unknownKey(let key, let command):
            "'\(key)' is no key (for \(command)): a character, C-x, A-x, S-Tab, Up, PgDn, Space, Enter, Esc, F1 to F12 are"
        case .ambiguous(let key, let first, let second):
            "\(key.name) would be both \(first.rawValue) and \(second.rawValue): give one of them another key"
        case .indispensable(let command):
            "\(command.rawValue) must have a key"
        }
    }
}

/// The assignment of keys to commands: the table of commands with the user's changes applied. In every view, a key has at most one command.
public struct KeyMap: Sendable {
    /// The commands in the order of the help, with their keys.
    package let commands: [CommandInfo]
    private let byKey: [Key: [CommandInfo]]

    /// The documented default keys.
    public static let standard = KeyMap(CommandInfo.all)

    private init(_ commands: [CommandInfo]) {
        self.commands = commands
        self.byKey = Dictionary(grouping: commands.flatMap { info in info.keys.map { ($0, info) } }, by: \.0).mapValues { $0.map(\.1) }
    }

    /// Creates the standard key map with the keys of some commands replaced.
    ///
    /// - Parameter changes: The new keys of each changed command, by the command's name. An empty array removes all keys.
    /// - Throws: ``KeyMapError`` for the first change that cannot be made, in the order of the commands' names.
    package init(changes: [String: [String]]) throws(KeyMapError) {
        var commands = CommandInfo.all
        for (name, keys) in changes.sorted(by: { $0.key < $1.key }) {
            guard let index = commands.firstIndex(where: { $0.command.rawValue == name }) else { throw .unknownCommand(name) }
            var chosen: [Key] = []
            for key in keys {
                guard let key = Key(named: key) else { throw .unknownKey(key, command: name) }
                chosen.append(key)
            }
            commands[index].assign(chosen)
        }
        // Commands that do not always exist give way, so that a key map does not depend on them.
        let taken = Set(commands.filter { changes[$0.command.rawValue] != nil }.flatMap(\.keys))
        for index in commands.indices where commands[index].existence != .always && changes[commands[index].command.rawValue] == nil {
            let free = commands[index].keys.filter { !taken.contains($0) }
            if free != commands[index].keys { commands[index].assign(free) }
        }
        for view in DashboardView.allCases + [.processes] {
            var owners: [Key: CommandInfo] = [:]
            for info in commands where info.views?.contains(view) ?? true {
                for key in info.keys {
                    if let other = owners.updateValue(info, forKey: key) {
                        throw .ambiguous(key, other.command, info.command)
                    }
                }
            }
        }
        // Without these keys, the user could not find the way out.
        for command in [Command.help, .quit] where commands.contains(where: { $0.command == command && $0.keys.isEmpty }) {
            throw .indispensable(command)
        }
        self.init(commands)
    }

    /// Returns the key map with the commands that exist in a dashboard.
    ///
    /// - Parameters:
    ///   - isAttached: Whether the dashboard is attached to processes.
    ///   - hasRecorder: Whether the source has a flight recorder.
    package func existing(isAttached: Bool, hasRecorder: Bool) -> KeyMap {
        KeyMap(
            self.commands.filter { info in
                switch info.existence {
                case .always: true
                case .attached: isAttached
                case .recording: isAttached || hasRecorder
                }
            }
        )
    }

    /// Returns the command that `key` has in `view`.
    package func command(for key: Key, in view: DashboardView) -> CommandInfo? {
        self.byKey[key]?.first { $0.views?.contains(view) ?? true }
    }

    /// Returns the entry of `command` in the table.
    package func info(_ command: Command) -> CommandInfo? {
        self.commands.first { $0.command == command }
    }

    /// Returns the name of the first key of `command`, or its palette form if it has none.
    package func key(_ command: Command) -> String {
        self.info(command).map { $0.keys.first?.name ?? $0.label } ?? ""
    }
}

/// The reason why a change of keys is rejected.
package enum KeyMapError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no command with this name.
    case unknownCommand(String)
    /// There is no key with this name.
    case unknownKey(String, command: String)
    /// A key would have two commands in the same view.
    case ambiguous(Key, Command, Command)
    /// A command that must have a key would have none.
    case indispensable(Command)

    /// The name of the command at fault.
    package var command: String {
        switch self {
        case .unknownCommand(let name), .unknownKey(_, let name): name
        case .ambiguous(_, _, let command), .indispensable(let command): command.rawValue
        }
    }

    /// The name of the other command that has the key, if the key is ambiguous.
    package var other: String? {
        if case .ambiguous(_, let command, _) = self { command.rawValue } else { nil }
    }

    /// The reason, with the values that would be accepted.
    package var description: String {
        switch self {
        case .unknownCommand(let name):
            "unknown command '\(name)': 'resmon keys' lists them"
        case .unknownKey(let key, let command):
            "'\(key)' is not a key (for \(command)): expected a character, C-x, A-x, S-Tab, Up, PgDn, Space, Enter, Esc, or F1 to F12"
        case .ambiguous(let key, let first, let second):
            "\(key.name) is assigned to both \(first.rawValue) and \(second.rawValue): assign another key to one of them"
        case .indispensable(let command):
            "\(command.rawValue) must have a key"
        }
    }
}

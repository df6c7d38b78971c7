import ResourceContainer

/// The command that connects to the selected process: words with placeholders. No shell runs it.
///
/// The values come from a server, so only plain ones are put in: an argument made of them is no option, and no shell of another host reads
/// anything in it.
package struct FleetCommandTemplate: Sendable, Hashable {
    /// A value of the selected process.
    private enum Placeholder: String, CaseIterable {
        /// The host of the instance.
        case host = "{host}"
        /// The number of the process with that of its container, if the instance states it, else the name of the container.
        case process = "{process}"
        /// The container.
        case container = "{container}"
        /// The number of the instance, which is that of the process if `resmon export` serves it.
        case pid = "{pid}"
        /// The instance.
        case instance = "{instance}"
    }

    private let words: [String]

    /// The command of `ssh`.
    package static let standard = FleetCommandTemplate(checked: [
        "ssh", Placeholder.host.rawValue, "resmon", "dial", Placeholder.process.rawValue,
    ])

    /// Creates a template of the words of a command line.
    ///
    /// - Throws: ``FleetFault`` if there is no word, the program is a placeholder, or a word has an unknown placeholder.
    package init(_ words: [String]) throws(FleetFault) {
        let names = Placeholder.allCases.map(\.rawValue)
        guard let program = words.first, !program.isEmpty else { throw FleetFault("the command is empty") }
        guard !names.contains(where: program.contains) else { throw FleetFault("the program of the command has no placeholder") }
        for word in words {
            let rest = names.reduce(word) { $0.replacing($1, with: "") }
            guard !rest.contains("{"), !rest.contains("}") else {
                throw FleetFault("'\(word.asName)' has an unknown placeholder: \(names.joined(separator: ", ")) are known")
            }
        }
        self.words = words
    }

    private init(checked words: [String]) {
        self.words = words
    }

    /// Returns the arguments for a process.
    ///
    /// - Throws: ``FleetFault`` if a value that the template needs has other characters than those that are plain.
    package func arguments(for row: FleetRow) throws(FleetFault) -> [String] {
        var arguments = self.words
        for placeholder in Placeholder.allCases where self.words.contains(where: { $0.contains(placeholder.rawValue) }) {
            let value = try Self.value(placeholder, row)
            arguments = arguments.map { $0.replacing(placeholder.rawValue, with: value) }
        }
        return arguments
    }

    private static func value(_ placeholder: Placeholder, _ row: FleetRow) throws(FleetFault) -> String {
        let key = row.id
        return switch placeholder {
        case .host: try Self.check(key.host, "host", extra: ".-")
        // It consists of digits and a hyphen. Containers of replicas have one name.
        case .process: if let process = row.process { process } else { try Self.value(.container, row) }
        case .container: try Self.check(key.container, "name", extra: ".-_@%+=:,")
        case .pid:
            if !key.number.isEmpty, key.number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                key.number
            } else {
                throw FleetFault("the instance '\(key.instance.asName)' ends with no number")
            }
        case .instance: try Self.check(key.instance, "instance", extra: ".-:")
        }
    }

    /// Returns `text` if it consists of ASCII letters, digits, and `extra`, and does not begin with a hyphen.
    private static func check(_ text: String, _ what: String, extra: String) throws(FleetFault) -> String {
        guard !text.isEmpty else { throw FleetFault("the process has no \(what)") }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || extra.unicodeScalars.contains(scalar))
        }
        guard isPlain, !text.hasPrefix("-") else {
            throw FleetFault(
                "the \(what) '\(text.asName)' is not put into a command: it may have letters, digits, and \(extra), and no hyphen at its start"
            )
        }
        return text
    }
}

import CursesTerminal
import ResourceDashboard
import Yams

/// A parser for the configuration file. It applies every valid setting, and reports each fault in one line with file, line and remedy.
struct ConfigurationFile {
    private let text: String
    private let file: String

    init(_ text: String, file: String) {
        self.text = text
        self.file = file
    }

    private static let names = ["theme", "themes-dir", "glyphs", "color", "view", "fps", "mouse", "keys"]

    func configuration() -> Configuration {
        var result = Configuration()
        result.file = self.file
        if let fault = YAMLText.fault(in: self.text) {
            result.problems = ["\(self.file):\(fault.line): \(fault.reason)"]
            return result
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: self.text)
        } catch {
            result.problems = [self.problem(error)]
            return result
        }
        // The file is empty or contains only comments.
        guard let root else { return result }
        guard case .mapping(let mapping) = root else {
            result.problems = [self.fault(root, "not a configuration: give names with their values, such as 'theme: nord'")]
            return result
        }
        for (key, value) in mapping {
            do throws(UsageFault) {
                try self.take(key.scalar?.string ?? "", key, value, into: &result)
            } catch {
                result.problems.append(self.fault(value, error.description))
            }
        }
        return result
    }

    private func take(_ name: String, _ key: Node, _ value: Node, into result: inout Configuration) throws(UsageFault) {
        switch name {
        case "theme":
            result.theme = try self.scalar(value, name)
            result.themeLocation = self.location(value)
        case "themes-dir": result.themesDirectory = try self.scalar(value, name)
        case "glyphs": result.glyphs = try Choice.parse(try self.scalar(value, name), name, "set of glyphs")
        case "color": result.color = try Choice.parse(try self.scalar(value, name), name, "choice of colors")
        case "view": result.view = try ViewArgument.parse(try self.scalar(value, name))
        case "fps": result.framesPerSecond = try ScreenPlan.rate(try self.scalar(value, name), name)
        case "mouse":
            switch try self.scalar(value, name) {
            case "true", "on", "yes": result.mouse = true
            case "false", "off", "no": result.mouse = false
            case let other: throw UsageFault("mouse: '\(other)' is not accepted: give true or false")
            }
        case "keys": self.takeKeys(value, into: &result)
        default:
            throw UsageFault("there is no setting '\(name)': \(Self.names.joined(separator: ", ")) are accepted")
        }
    }

    private func scalar(_ node: Node, _ name: String) throws(UsageFault) -> String {
        guard let text = node.scalar?.string, !text.isEmpty else { throw UsageFault("\(name) needs one value") }
        return text
    }

    // MARK: Keys

    /// Reads `keys:`, which has a key or a list of keys for each changed command.
    private func takeKeys(_ node: Node, into result: inout Configuration) {
        guard case .mapping(let mapping) = node else {
            result.problems.append(self.fault(node, "keys: give names of commands with their keys, such as 'scope.open: F5'"))
            return
        }
        var changes: [String: [String]] = [:]
        var nodes: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            nodes[name] = key
            if let scalar = value.scalar {
                changes[name] = scalar.string.isEmpty ? [] : [scalar.string]
            } else if let sequence = value.sequence {
                changes[name] = sequence.map { $0.scalar?.string ?? "" }
            } else {
                result.problems.append(self.fault(value, "\(name): give a key or a list of keys"))
            }
        }
        // Remove invalid changes one by one, and apply the others.
        while true {
            do throws(KeyMapError) {
                result.keys = try KeyMap(changes: changes)
                result.changedKeys = changes.keys.sorted()
                return
            } catch {
                // An ambiguity may name a command with unchanged keys. Then the change that uses its key is at fault.
                let culprit = changes[error.command] != nil ? error.command : error.other.flatMap { changes[$0] == nil ? nil : $0 } ?? ""
                result.problems.append(self.fault(nodes[culprit], "\(error)"))
                guard changes.removeValue(forKey: culprit) != nil else { return }
            }
        }
    }

    // MARK: Faults

    private func fault(_ node: Node?, _ reason: String) -> String {
        "\(self.location(node)): \(reason)"
    }

    private func location(_ node: Node?) -> String {
        node?.mark.map { "\(self.file):\($0.line)" } ?? self.file
    }

    private func problem(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "\(self.file):\(mark.line): not YAML: \(problem): correct it; until then the whole file is ignored"
        case .duplicatedKeysInMapping(let duplicates, let context):
            "\(self.file):\(context.mark.line): \(duplicates.joined(separator: ", ")) is defined twice: keep one"
        default:
            "\(self.file): not YAML: \(error)"
        }
    }
}

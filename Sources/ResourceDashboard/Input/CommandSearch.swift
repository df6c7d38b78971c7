/// A command that matches the text in the palette, and the argument that is typed after its name.
struct CommandMatch: Sendable {
    var info: CommandInfo
    var argument = ""
}

/// The search for commands by name.
extension KeyMap {
    /// Returns the commands that match a text, the best match first; all commands for a blank text.
    ///
    /// The letters of the text must occur in a name in their order; names that begin with them come first. Text after the complete name of a
    /// command that takes an argument is that argument. A name may be written with blanks instead of dots, and an alias or the last word of a
    /// name is enough if no other command can be meant.
    func matches(_ text: String) -> [CommandMatch] {
        let words = text.split(separator: " ").map(String.init)
        guard let first = words.first else { return self.commands.map { CommandMatch(info: $0) } }
        for count in stride(from: words.count, to: 0, by: -1) {
            guard let info = self.command(named: words[..<count].joined(separator: ".")), count == words.count || info.argument != nil
            else { continue }
            let exact = CommandMatch(info: info, argument: words[count...].joined(separator: " "))
            return count < words.count ? [exact] : [exact] + self.ranked(words).filter { $0.info.command != info.command }
        }
        let ranked = self.ranked(words)
        guard let info = self.command(withLastWord: first) else { return ranked }
        if words.count == 1 { return [CommandMatch(info: info)] + ranked.filter { $0.info.command != info.command } }
        guard ranked.isEmpty, info.argument != nil else { return ranked }
        return [CommandMatch(info: info, argument: words.dropFirst().joined(separator: " "))]
    }

    private func command(named name: String) -> CommandInfo? {
        let name = name.lowercased()
        return self.commands.first { $0.command.rawValue == name || $0.alias == name }
    }

    /// Returns the command whose name ends in a word, if there is one only and the word does not begin the name of another.
    private func command(withLastWord word: String) -> CommandInfo? {
        let word = word.lowercased()
        guard !self.commands.contains(where: { $0.command.rawValue.hasPrefix(word + ".") }) else { return nil }
        let found = self.commands.filter { $0.command.rawValue.hasSuffix("." + word) }
        return found.count == 1 ? found[0] : nil
    }

    private func ranked(_ words: [String]) -> [CommandMatch] {
        let search = FuzzySearch(words.joined())
        let scored = self.commands.compactMap { info -> (score: Int, length: Int, info: CommandInfo)? in
            let name = info.command.rawValue
            let scores = [search.score(name), info.alias.flatMap { search.score($0) }].compactMap(\.self)
            return scores.min().map { ($0, name.utf8.count, info) }
        }
        // The sort is stable only because the index decides between equals.
        return scored.enumerated()
            .sorted { ($0.element.score, $0.element.length, $0.offset) < ($1.element.score, $1.element.length, $1.offset) }
            .map { CommandMatch(info: $0.element.info) }
    }
}

/// The search for the name that the user probably meant.
struct NearestName {
    private let typed: [String]
    private var best: (name: String, distance: Int)?

    /// The nearest of the offered names; nil if none is near.
    var name: String? { self.best?.name }

    /// Creates a search for the name nearest to a text, which may be followed by an argument.
    init(to text: String) {
        let words = text.lowercased().split(whereSeparator: { $0 == " " || $0 == "." }).map(String.init)
        self.typed = words.indices.map { words[...$0].joined(separator: " ") }
    }

    /// Compares a name. `shown` is the name to suggest in its place. At most a third of the letters may be wrong.
    mutating func offer(_ name: String, shown: String? = nil) {
        let name = name.lowercased().replacing(".", with: " ")
        for typed in self.typed {
            let limit = min(typed.utf8.count / 3, (self.best?.distance ?? .max) - 1)
            guard abs(typed.utf8.count - name.utf8.count) <= limit else { continue }
            let distance = typed.editDistance(to: name)
            if distance <= limit { self.best = (shown ?? name, distance) }
        }
    }

    /// Compares the names of all commands, their aliases and their last words.
    mutating func offerCommands(of keys: KeyMap) {
        for info in keys.commands {
            let name = info.command.words
            self.offer(name)
            if let alias = info.alias { self.offer(alias) }
            if let last = name.split(separator: " ").last { self.offer(String(last), shown: name) }
        }
    }
}

extension Command {
    /// The name as it is typed: `scope open`.
    var words: String { self.rawValue.replacing(".", with: " ") }
}

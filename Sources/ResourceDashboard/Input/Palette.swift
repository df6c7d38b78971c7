/// The state of the palette, in which commands are typed by name.
struct Palette: Sendable {
    var field = TextField()
    /// The index of the selected match.
    var selected = 0

    /// A command that matches the input, and the argument typed after its name.
    struct Match: Sendable {
        var info: CommandInfo
        var argument: String
    }

    /// Returns the commands that match the input, the best match first.
    ///
    /// The letters of the input must occur in a name in their order; names that begin with them come first. Text after the complete name of
    /// a command that takes an argument is that argument.
    func matches(_ keys: KeyMap) -> [Match] {
        let words = self.field.text.split(separator: " ").map(String.init)
        guard !words.isEmpty else { return keys.commands.map { Match(info: $0, argument: "") } }
        for count in stride(from: words.count, to: 0, by: -1) {
            let name = words[..<count].joined(separator: ".").lowercased()
            guard let info = keys.commands.first(where: { $0.command.rawValue == name }), count == words.count || info.argument != nil
            else {
                continue
            }
            let exact = Match(info: info, argument: words[count...].joined(separator: " "))
            if count < words.count { return [exact] }
            return [exact] + Self.ranked(words, keys).filter { $0.info.command != info.command }
        }
        return Self.ranked(words, keys)
    }

    private static func ranked(_ words: [String], _ keys: KeyMap) -> [Match] {
        let typed = words.joined().lowercased()
        let scored = keys.commands.compactMap { info in Self.score(typed, in: info.command.rawValue).map { ($0, info) } }
        return scored.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
            .map { Match(info: $0.element.1, argument: "") }
    }

    /// Returns how far apart the letters of `typed` are in `name`, lower being better and beginnings of words counting as near; nil if they
    /// do not all occur in order.
    static func score(_ typed: String, in name: String) -> Int? {
        var score = 0
        var last = -1
        let letters = Array(name)
        for character in typed where character != "." {
            guard let index = letters[(last + 1)...].firstIndex(of: character) else { return nil }
            let beginsWord = index == 0 || letters[index - 1] == "." || letters[index - 1] == "-"
            score += index == last + 1 ? 0 : beginsWord ? 1 : 3 + index - last
            last = index
        }
        return score * 100 + letters.count
    }
}

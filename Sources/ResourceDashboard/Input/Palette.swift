/// The line in which commands are typed by name.
struct Palette: Sendable {
    var field = TextField()
    /// Which of the matches is chosen.
    var selected = 0

    /// A command and what was typed behind its name.
    struct Match: Sendable {
        var info: CommandInfo
        var argument: String
    }

    /// The commands that what is typed may mean, the likeliest first.
    ///
    /// The letters of the words must occur in a name in their order; a name that begins with them goes first. What follows the name of a
    /// command that takes an argument is that argument, where the name is written out.
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

    /// How far apart the letters of `typed` stand in `name`, words beginning close; nil if they do not all occur in their order.
    static func score(_ typed: String, in name: String) -> Int? {
        var score = 0
        var last = -1
        let letters = Array(name)
        for character in typed where character != "." {
            guard let place = letters[(last + 1)...].firstIndex(of: character) else { return nil }
            let beginsWord = place == 0 || letters[place - 1] == "." || letters[place - 1] == "-"
            score += place == last + 1 ? 0 : beginsWord ? 1 : 3 + place - last
            last = place
        }
        return score * 100 + letters.count
    }
}

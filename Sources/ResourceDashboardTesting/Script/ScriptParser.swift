import ResourceDashboard

/// Reads scripts of sessions: words, each of which is a step or belongs to the one before.
struct ScriptParser {
    /// A word, and the character of the script at which it begins, from 1.
    private struct Word {
        var text: String
        var place: Int
        /// Whether it stood in quotes.
        var isQuoted = false
    }

    /// How often a key is pressed at most with one `*`.
    private static let mostPresses = 1000

    private let script: String
    private var words: ArraySlice<Word> = []

    /// The steps of `script`.
    ///
    /// - Throws: ``ScriptError``, for the first word that is wrong.
    static func steps(of script: String) throws(ScriptError) -> [ScriptStep] {
        var parser = ScriptParser(script)
        try parser.split()
        var steps: [ScriptStep] = []
        while let word = parser.words.popFirst() { steps += try parser.steps(word) }
        return steps
    }

    private init(_ script: String) {
        self.script = script
    }

    private func fault(_ text: String, at place: Int) -> ScriptError {
        ScriptError(text, script: self.script, place: place)
    }

    // MARK: Words

    private mutating func split() throws(ScriptError) {
        let characters = Array(self.script)
        var place = 0
        while place < characters.count {
            guard !characters[place].isWhitespace else {
                place += 1
                continue
            }
            let first = characters[place]
            // Alone, an apostrophe is the key that goes to a mark.
            let isAlone = place + 1 == characters.count || characters[place + 1].isWhitespace
            if first == "\"" || (first == "'" && !isAlone) {
                guard let end = characters[(place + 1)...].firstIndex(of: first) else {
                    throw self.fault("the text that begins here has no end: a \(first) is missing", at: place + 1)
                }
                self.words.append(Word(text: String(characters[(place + 1)..<end]), place: place + 1, isQuoted: true))
                place = end + 1
            } else {
                let end = characters[place...].firstIndex(where: \.isWhitespace) ?? characters.count
                self.words.append(Word(text: String(characters[place..<end]), place: place + 1))
                place = end
            }
        }
    }

    /// The word after the one that says what it is.
    private mutating func argument(of word: Word, _ accepted: String) throws(ScriptError) -> Word {
        guard let argument = self.words.popFirst() else { throw self.fault("behind \(word.text) \(accepted) is missing", at: word.place) }
        return argument
    }

    // MARK: Steps

    private mutating func steps(_ word: Word) throws(ScriptError) -> [ScriptStep] {
        if word.isQuoted { return [.type(word.text)] }
        switch word.text {
        case "wait":
            let accepted = "a time, such as 250ms, 2s or 1m30s,"
            let argument = try self.argument(of: word, accepted)
            guard let duration = Duration(scripted: argument.text) else {
                throw self.fault("'\(argument.text)' is no time: \(accepted) is accepted", at: argument.place)
            }
            return [.wait(duration)]
        case "paste":
            let argument = try self.argument(of: word, "the text in quotes")
            guard argument.isQuoted else { throw self.fault("the text to paste stands in quotes: '\(argument.text)'", at: argument.place) }
            return [.paste(argument.text)]
        case "click":
            let (x, y) = try self.numbers(word, separator: ",", "a column and a row, from 0, such as 12,3,")
            return [.click(x: x, y: y)]
        case "resize":
            let (width, height) = try self.numbers(word, separator: "x", "a width and a height, such as 80x24,")
            return [.resize(Size(width: width, height: height))]
        default:
            return try self.presses(word)
        }
    }

    private mutating func numbers(_ word: Word, separator: Character, _ accepted: String) throws(ScriptError) -> (Int, Int) {
        let argument = try self.argument(of: word, accepted)
        let parts = argument.text.split(separator: separator, omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let first = parts[0], let second = parts[1], first >= 0, second >= 0 else {
            throw self.fault("'\(argument.text)' does not fit: \(accepted) is accepted", at: argument.place)
        }
        return (first, second)
    }

    /// A key, pressed once or, with a `*` and a number, so many times.
    private func presses(_ word: Word) throws(ScriptError) -> [ScriptStep] {
        if let key = Key(named: word.text) { return [.key(key)] }
        if let star = word.text.lastIndex(of: "*"), let key = Key(named: String(word.text[..<star])),
            let count = Int(word.text[word.text.index(after: star)...])
        {
            guard (1...Self.mostPresses).contains(count) else {
                throw self.fault("'\(word.text)': a key is pressed 1 to \(Self.mostPresses) times", at: word.place)
            }
            return Array(repeating: .key(key), count: count)
        }
        throw self.fault(
            "'\(word.text)' is no key: a character, C-d, A-x, S-Tab, Down, PgDn, Space, Enter, Esc, F1 to F12 are; "
                + "text to type stands in quotes",
            at: word.place
        )
    }
}

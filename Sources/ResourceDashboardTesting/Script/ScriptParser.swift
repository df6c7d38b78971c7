import ResourceDashboard

/// A parser for scripts of sessions. A script is a list of words, each of which is a step or an argument of the word before it.
struct ScriptParser {
    /// A word and the position of its first character in the script, counted from 1.
    private struct Word {
        var text: String
        var position: Int
        /// Whether the word was in quotes.
        var isQuoted = false
    }

    /// The largest count after `*`.
    private static let mostPresses = 1000

    private let script: String
    private var words: ArraySlice<Word> = []

    /// Parses `script`.
    ///
    /// - Throws: ``ScriptError`` for the first invalid word.
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

    private func fault(_ text: String, at position: Int) -> ScriptError {
        ScriptError(text, script: self.script, location: position)
    }

    // MARK: Words

    private mutating func split() throws(ScriptError) {
        let characters = Array(self.script)
        var position = 0
        while position < characters.count {
            guard !characters[position].isWhitespace else {
                position += 1
                continue
            }
            let first = characters[position]
            // An isolated apostrophe is the key that moves to a mark.
            let isAlone = position + 1 == characters.count || characters[position + 1].isWhitespace
            if first == "\"" || (first == "'" && !isAlone) {
                guard let end = characters[(position + 1)...].firstIndex(of: first) else {
                    throw self.fault("the text that begins here has no closing \(first)", at: position + 1)
                }
                self.words.append(Word(text: String(characters[(position + 1)..<end]), position: position + 1, isQuoted: true))
                position = end + 1
            } else {
                let end = characters[position...].firstIndex(where: \.isWhitespace) ?? characters.count
                self.words.append(Word(text: String(characters[position..<end]), position: position + 1))
                position = end
            }
        }
    }

    /// Consumes the argument of a word.
    private mutating func argument(of word: Word, _ accepted: String) throws(ScriptError) -> Word {
        guard let argument = self.words.popFirst() else { throw self.fault("\(word.text) requires \(accepted)", at: word.position) }
        return argument
    }

    // MARK: Steps

    private mutating func steps(_ word: Word) throws(ScriptError) -> [ScriptStep] {
        if word.isQuoted { return [.type(word.text)] }
        switch word.text {
        case "wait":
            let accepted = "a duration, such as 250ms, 2s or 1m30s"
            let argument = try self.argument(of: word, accepted)
            guard let duration = Duration(scripted: argument.text) else {
                throw self.fault("'\(argument.text)' is not a duration: give \(accepted)", at: argument.position)
            }
            return [.wait(duration)]
        case "paste":
            let argument = try self.argument(of: word, "the text in quotes")
            guard argument.isQuoted else {
                throw self.fault("the text to paste must be in quotes: '\(argument.text)'", at: argument.position)
            }
            return [.paste(argument.text)]
        case "click":
            let (x, y) = try self.numbers(word, separator: ",", "a column and a row, counted from 0, such as 12,3")
            return [.click(x: x, y: y)]
        case "resize":
            let (width, height) = try self.numbers(word, separator: "x", "a width and a height, such as 80x24")
            return [.resize(Size(width: width, height: height))]
        default:
            return try self.presses(word)
        }
    }

    private mutating func numbers(_ word: Word, separator: Character, _ accepted: String) throws(ScriptError) -> (Int, Int) {
        let argument = try self.argument(of: word, accepted)
        let parts = argument.text.split(separator: separator, omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let first = parts[0], let second = parts[1], first >= 0, second >= 0 else {
            throw self.fault("'\(argument.text)' is not valid: give \(accepted)", at: argument.position)
        }
        return (first, second)
    }

    /// A key press, repeated if the word ends in `*` and a number.
    private func presses(_ word: Word) throws(ScriptError) -> [ScriptStep] {
        if let key = Key(named: word.text) { return [.key(key)] }
        if let star = word.text.lastIndex(of: "*"), let key = Key(named: String(word.text[..<star])),
            let count = Int(word.text[word.text.index(after: star)...])
        {
            guard (1...Self.mostPresses).contains(count) else {
                throw self.fault("'\(word.text)': a key is pressed 1 to \(Self.mostPresses) times", at: word.position)
            }
            return Array(repeating: .key(key), count: count)
        }
        throw self.fault(
            "'\(word.text)' is not a key: give a character, C-d, A-x, S-Tab, Down, PgDn, Space, Enter, Esc, or F1 to F12; "
                + "put text to type in quotes",
            at: word.position
        )
    }
}

import ResourceContainer

/// The splitting of a command line into a program and its arguments, and the quoting of words. No shell runs, so nothing is expanded.
enum CommandWords {
    /// Splits `text` at spaces and tabs. Single and double quotes group words, and a backslash takes the next character literally.
    ///
    /// - Throws: ``AttachTargetError`` if the text contains no word, or a quote is not closed.
    static func split(_ text: String) throws(AttachTargetError) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                // Between double quotes, a backslash is literal except before a quote or a backslash.
                if quote == "\"", character != "\"", character != "\\" { word = (word ?? "") + "\\" }
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " || character == "\t" || character == "\n" {
                if let complete = word { words.append(complete) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if quote != nil || isEscaped { throw AttachTargetError("the command '\(text.asName)' ends inside a quotation") }
        if let complete = word { words.append(complete) }
        guard let program = words.first, !program.isEmpty else { throw AttachTargetError("the command is empty") }
        if words.contains(where: { $0.utf8.contains(0) }) { throw AttachTargetError("the command contains a NUL") }
        return words
    }

    /// A command line that ``split(_:)`` splits into these words.
    static func joined(_ words: [String]) -> String {
        words.map { word in
            if self.isPlain(word) { return word }
            guard word.contains("'") else { return "'\(word)'" }
            return "\"" + word.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
        }.joined(separator: " ")
    }

    /// A text as one word of a shell's command line.
    static func quoted(_ text: String) -> String {
        if self.isPlain(text) { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    /// Whether a word consists of characters that no shell interprets.
    private static func isPlain(_ word: String) -> Bool {
        !word.isEmpty
            && word.allSatisfy { character in
                character.isASCII && (character.isLetter || character.isNumber) || "@%+=:,./_-".contains(character)
            }
    }
}

/// The programs that a shell script starts, found by scanning for positions where a command may begin. This is not a shell parser: it
/// covers the quotes, substitutions, `case` statements, functions and here-documents that this repository's scripts use. A word wrongly
/// taken for a command appears as a program that is missing from the list.
struct ShellCommands {
    /// Words that begin or separate commands, or precede a command.
    private static let keywords: Set = [
        "if", "then", "elif", "else", "fi", "do", "done", "while", "until", "{", "}", "!", "time", "exec", "esac", "eventually", "nice",
    ]
    private static let builtins: Set = [
        "[", "[[", ":", ".", "bg", "break", "cd", "command", "continue", "declare", "echo", "eval", "exit", "export", "false", "fg", "kill",
        "local",
        "jobs", "mapfile", "printf", "pwd", "read", "readonly", "return", "set", "shift", "shopt", "source", "test", "trap", "true",
        "ulimit",
        "umask",
        "unset", "wait",
    ]

    private(set) var programs: Set<String> = []
    private var functions: Set<String> = []

    init(_ text: String) {
        self.read(Array(Self.withoutHereDocuments(text).replacing("\\\n", with: " ")))
        self.programs.subtract(self.functions)
    }

    private static func withoutHereDocuments(_ text: String) -> String {
        var end: Substring?
        return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if let last = end {
                if line == last { end = nil }
                return false
            }
            if let mark = line.firstMatch(of: #/<<-?'?([A-Z]+)'?/#) { end = mark.1 }
            return true
        }.joined(separator: "\n")
    }

    private enum Context { case command, argument, caseSubject, pattern, list }

    /// Reads commands from `text`, including those in quotes and substitutions.
    private mutating func read(_ text: [Character]) {
        var context = Context.command
        var index = 0
        var word = ""
        var isDynamic = false
        var isPrefix = false

        func peek(_ offset: Int) -> Character { index + offset < text.count ? text[index + offset] : "\n" }
        while index <= text.count {
            let character = index < text.count ? text[index] : "\n"
            switch character {
            case "\\":
                word.append(peek(1))
                index += 1
            case "'":
                index += 1
                while index < text.count, text[index] != "'" { index += 1 }
                isDynamic = true
            case "\"", "`":
                let (inner, end) = Self.quoted(text, from: index + 1, by: character)
                if character == "`" { self.read(inner) } else { self.readSubstitutions(inner) }
                isPrefix = inner.suffix(4) == ["[", "@", "]", "}"]
                (index, isDynamic) = (end, true)
            case "$" where peek(1) == "(", "<" where peek(1) == "(", ">" where peek(1) == "(":
                let (inner, end) = Self.bracketed(text, from: index + 2)
                // $(( … )) is arithmetic.
                if inner.first != "(" { self.read(inner) }
                (index, isDynamic) = (end, true)
            case "$" where peek(1) == "{":
                while index < text.count, text[index] != "}" { index += 1 }
                isDynamic = true
            case "$": isDynamic = true
            case "#" where word.isEmpty && !isDynamic:
                while index < text.count, text[index] != "\n" { index += 1 }
                continue
            case "(" where word.hasSuffix("="):
                // A list in an assignment.
                (_, index) = Self.bracketed(text, from: index + 1)
            case "(" where peek(1) == "(" && word.isEmpty:
                // Arithmetic.
                (_, index) = Self.bracketed(text, from: index + 1)
            case "(" where peek(1) == ")" && !word.isEmpty:
                self.functions.insert(word)
                (word, context) = ("", .command)
                index += 1
            case " ", "\t", "\n", ";", "|", "&", "(", ")", "<", ">":
                let isRedirection =
                    character == "<" || character == ">" || (character == "&" && (peek(1) == ">" || text[max(0, index - 1)] == ">"))
                if !word.isEmpty || isDynamic, !(isRedirection && word.allSatisfy(\.isNumber)) {
                    context = self.take(word, isDynamic, isPrefix, in: context)
                }
                (word, isDynamic, isPrefix) = ("", false, false)
                if isRedirection {
                    // The next word is a file, a descriptor, or the output of a command.
                    while [">", "&", " "].contains(peek(1)) || (peek(1) == "<" && peek(2) != "(") { index += 1 }
                    if peek(1) != "<" { self.skipWord(text, &index) }
                } else if character == ")", context == .pattern {
                    context = .command
                } else if character == ";", peek(1) == ";" {
                    context = .pattern
                    index += 1
                } else if character == "|", context == .pattern {
                    break
                } else if character != " ", character != "\t", context != .pattern || character != "\n", context != .caseSubject {
                    context = .command
                }
            default: word.append(character)
            }
            index += 1
        }
    }

    private mutating func take(_ word: String, _ isDynamic: Bool, _ isPrefix: Bool, in context: Context) -> Context {
        switch context {
        case .argument, .list: return context
        case .caseSubject: return word == "in" ? .pattern : context
        case .pattern: return word == "esac" ? .command : context
        case .command: break
        }
        if word == "case" { return .caseSubject }
        if word == "for" || word == "select" { return .list }
        if Self.keywords.contains(word) { return .command }
        if isDynamic && !word.contains("=") { return isPrefix ? .command : .argument }
        // An option of a word that precedes a command.
        if word.hasPrefix("-") { return .command }
        // An assignment.
        if word.prefixMatch(of: #/[A-Za-z_][A-Za-z0-9_]*(\[[^\]]*\])?\+?=/#) != nil { return .command }
        if Self.builtins.contains(word) { return .argument }
        // A script of the repository, or a program given by its path.
        let name = word.split(separator: "/").last.map(String.init) ?? word
        if !word.contains("/") || word.hasPrefix("/"), name.wholeMatch(of: #/[A-Za-z0-9_][A-Za-z0-9_.+-]*/#) != nil {
            self.programs.insert(name)
        }
        return name == "env" || name == "sudo" ? .command : .argument
    }

    private func skipWord(_ text: [Character], _ index: inout Int) {
        while index + 1 < text.count, ![" ", "\n", ";", "|", "&", ")"].contains(text[index + 1]) {
            index += 1
            if text[index] == "\"" { index = Self.quoted(text, from: index + 1, by: "\"").end }
        }
    }

    /// Returns the text between double quotes or backquotes that open before `start`, and the index where they close.
    private static func quoted(_ text: [Character], from start: Int, by quote: Character) -> (inner: [Character], end: Int) {
        var index = start
        while index < text.count, text[index] != quote {
            if text[index] == "\\" { index += 1 }
            if text[index...].starts(with: ["$", "("]) { index = Self.bracketed(text, from: index + 2).end }
            index += 1
        }
        return (Array(text[start..<min(index, text.count)]), index)
    }

    /// Returns the text between parentheses that open before `start`, and the index where they close.
    private static func bracketed(_ text: [Character], from start: Int) -> (inner: [Character], end: Int) {
        var (index, depth) = (start, 1)
        while index < text.count {
            switch text[index] {
            case "(": depth += 1
            case ")": depth -= 1
            case "\\": index += 1
            case "'":
                index += 1
                while index < text.count, text[index] != "'" { index += 1 }
            case "\"": index = Self.quoted(text, from: index + 1, by: "\"").end
            default: break
            }
            if depth == 0 { break }
            index += 1
        }
        return (Array(text[start..<min(index, text.count)]), index)
    }

    /// Reads the commands of substitutions within double quotes.
    private mutating func readSubstitutions(_ text: [Character]) {
        var index = 0
        while index < text.count {
            if text[index...].starts(with: ["$", "("]) {
                let (inner, end) = Self.bracketed(text, from: index + 2)
                if inner.first != "(" { self.read(inner) }
                index = end
            }
            index += 1
        }
    }
}

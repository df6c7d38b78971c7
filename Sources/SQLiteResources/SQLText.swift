/// The text of a statement, classified before SQLite parses it.
struct SQLText {
    /// The text of the statement.
    let text: String

    init(_ text: String) {
        self.text = text
    }

    /// Whether the text contains a NUL character, at which SQLite would stop reading.
    var hasNUL: Bool {
        self.text.utf8.contains(0)
    }

    /// The first word in upper case, `PRAGMA` for example; empty if there is none. Skips white space, comments, and semicolons.
    var keyword: String {
        String(self.body.prefix { $0.isLetter }).uppercased()
    }

    /// Whether the statement fails or has no effect inside a transaction.
    var isMaintenance: Bool {
        switch self.keyword {
        case "VACUUM", "ATTACH", "DETACH": true
        case "PRAGMA": self.pragma?.changes ?? false
        default: false
        }
    }

    /// Whether the statement begins or ends a transaction. A savepoint does neither.
    var changesTransaction: Bool {
        switch self.keyword {
        case "BEGIN", "COMMIT", "END": true
        case "ROLLBACK": !self.rollsBackToSavepoint
        default: false
        }
    }

    /// Whether a `ROLLBACK` continues with `TO`, or with `TRANSACTION TO`.
    private var rollsBackToSavepoint: Bool {
        var rest = self.body.dropFirst("ROLLBACK".count)
        func next() -> String {
            rest = Self.skippingBlanks(rest)
            let word = rest.prefix { $0.isLetter }
            rest = rest[word.endIndex...]
            return word.uppercased()
        }
        let first = next()
        return (first == "TRANSACTION" ? next() : first) == "TO"
    }

    /// The name of a `PRAGMA` in lower case, and whether it changes something; nil for other statements.
    var pragma: (name: String, changes: Bool)? {
        guard self.keyword == "PRAGMA" else { return nil }
        let rest = Self.skippingBlanks(self.body.dropFirst("PRAGMA".count))
        var name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        var tail = rest[name.endIndex...]
        if tail.first == "." {
            name = tail.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            tail = tail[name.endIndex...]
        }
        let lower = name.lowercased()
        let argument = Self.skippingBlanks(tail).first
        let sets = argument == "=" || argument == "(" && !Self.asking.contains(lower)
        return (lower, sets || Self.acting.contains(lower))
    }

    /// Pragmas whose argument in parentheses selects what to report, or how much.
    private static let asking: Set<String> = [
        "table_info", "table_xinfo", "table_list", "index_info", "index_xinfo", "index_list", "foreign_key_list", "foreign_key_check",
        "integrity_check", "quick_check",
    ]
    /// Pragmas that change something without an argument.
    private static let acting: Set<String> = ["wal_checkpoint", "optimize", "incremental_vacuum", "shrink_memory"]

    private var body: Substring {
        Self.skippingBlanks(self.text[...], andSemicolons: true)
    }

    /// The text after white space and comments. Between the words of a statement, a semicolon ends it.
    private static func skippingBlanks(_ text: Substring, andSemicolons: Bool = false) -> Substring {
        var rest = text
        while true {
            rest = rest.drop { $0.isWhitespace || andSemicolons && $0 == ";" }
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                guard let end = rest.dropFirst(2).firstRange(of: "*/") else { return rest[rest.endIndex...] }
                rest = rest[end.upperBound...]
            } else {
                return rest
            }
        }
    }
}

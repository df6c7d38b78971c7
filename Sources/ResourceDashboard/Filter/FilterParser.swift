/// A parser of the filter language.
struct FilterParser {
    private let characters: [Character]
    /// The fields that the query may name.
    private let fields: [Filter.Field]
    private let isTyped: Bool
    private var position = 0

    init(_ query: String, fields: [Filter.Field], isTyped: Bool) {
        self.characters = Array(query)
        self.fields = fields
        self.isTyped = isTyped
    }

    mutating func parse() throws(Filter.Fault) -> [Filter.Term] {
        var terms: [Filter.Term] = []
        while true {
            self.skipSpaces()
            if self.isAtEnd { return terms }
            terms.append(try self.term())
        }
    }

    private mutating func term() throws(Filter.Fault) -> Filter.Term {
        var isNegated = false
        if self.peek == "!" {
            isNegated = true
            self.position += 1
        }
        guard let first = self.peek, first != " " else { throw self.fault("a term is missing after !", mayContinue: true) }
        if first == "\"" { return Filter.Term(isNegated: isNegated, condition: .words([try self.quoted()])) }
        let start = self.position
        let word = self.word()
        guard let comparison = self.comparison() else {
            guard !word.isEmpty else { throw self.fault("\(first) cannot begin a term") }
            try self.checkEnd(of: word, from: start)
            return Filter.Term(isNegated: isNegated, condition: .words(try self.alternatives(after: word)))
        }
        guard let field = Filter.Field(rawValue: word.lowercased()), self.fields.contains(field) else {
            throw Filter.Fault(position: start, reason: "no field \"\(word)\"; fields: \(Self.names(self.fields))")
        }
        return Filter.Term(isNegated: isNegated, condition: .field(field, comparison, try self.values(of: field, comparison)))
    }

    /// Throws if a word at the end of a query that is being typed may become the name of a field.
    private func checkEnd(of word: String, from start: Int) throws(Filter.Fault) {
        guard self.isTyped, self.isAtEnd else { return }
        let begun = word.lowercased()
        // An exclamation mark after a field is the start of `!=`.
        let fields = self.fields.filter { $0.rawValue.hasPrefix(begun) || "\($0.rawValue)!" == begun }
        guard !fields.isEmpty else { return }
        let reason = "the start of a field: \(Self.names(fields)); a blank makes it a word"
        throw Filter.Fault(position: start, reason: reason, isIncomplete: true)
    }

    private mutating func values(of field: Filter.Field, _ comparison: Filter.Operator) throws(Filter.Fault) -> [String] {
        let isOrder = comparison == .below || comparison == .above
        if isOrder, !field.isNumber { throw self.fault("\(field.rawValue) is a text: use : = !=") }
        var values: [String] = []
        repeat {
            if self.peek == "," { self.position += 1 }
            let start = self.position
            let value = self.peek == "\"" ? try self.quoted() : self.word(stoppingAt: ",")
            if value.isEmpty { throw self.fault("a value is missing", mayContinue: true) }
            if field.isNumber, Filter.number(value) == nil {
                throw Filter.Fault(
                    position: start,
                    reason: "\"\(value)\" is not a number or a duration such as 500ms, 2s, 5m",
                    isIncomplete: self.isAtEnd && ["0", "s"].contains { Filter.number(value + $0) != nil }
                )
            }
            values.append(value)
        } while self.peek == ","
        return values
    }

    private mutating func alternatives(after first: String) throws(Filter.Fault) -> [String] {
        var words = [first]
        while self.peek == "|" {
            self.position += 1
            let next = self.peek == "\"" ? try self.quoted() : self.word()
            if next.isEmpty { throw self.fault("a word is missing after |", mayContinue: true) }
            words.append(next)
        }
        return words
    }

    private mutating func comparison() -> Filter.Operator? {
        switch self.peek {
        case ":", "=", "<", ">":
            defer { self.position += 1 }
            return self.peek.flatMap { Filter.Operator(rawValue: String($0)) }
        case "!" where self.position + 1 < self.characters.count && self.characters[self.position + 1] == "=":
            self.position += 2
            return .differs
        default:
            return nil
        }
    }

    private mutating func quoted() throws(Filter.Fault) -> String {
        let start = self.position
        self.position += 1
        var text = ""
        while let character = self.peek {
            self.position += 1
            if character == "\"" { return text }
            text.append(character)
        }
        if self.isTyped, !text.isEmpty { return text }
        throw Filter.Fault(position: start, reason: "the closing quote is missing", isIncomplete: true)
    }

    private mutating func word(stoppingAt stop: Character? = nil) -> String {
        var text = ""
        while let character = self.peek, character != " ", character != stop {
            if stop == nil, ":=<>|".contains(character) { break }
            if stop == nil, character == "!", self.position + 1 < self.characters.count, self.characters[self.position + 1] == "=" { break }
            text.append(character)
            self.position += 1
        }
        return text
    }

    private mutating func skipSpaces() {
        while self.peek == " " { self.position += 1 }
    }

    private var isAtEnd: Bool {
        self.position == self.characters.count
    }

    private var peek: Character? {
        self.position < self.characters.count ? self.characters[self.position] : nil
    }

    private static func names(_ fields: [Filter.Field]) -> String {
        fields.map(\.rawValue).joined(separator: " ")
    }

    /// Returns the error at the present position. With `mayContinue`, more text after the end of the query can make it valid.
    private func fault(_ reason: String, mayContinue: Bool = false) -> Filter.Fault {
        Filter.Fault(position: self.position, reason: reason, isIncomplete: mayContinue && self.isAtEnd)
    }
}

/// A parser of the filter language.
struct FilterParser {
    private let characters: [Character]
    private var position = 0

    init(_ query: String) {
        self.characters = Array(query)
    }

    mutating func parse() throws(Filter.Fault) -> [Filter.Term] {
        var terms: [Filter.Term] = []
        while true {
            self.skipSpaces()
            if self.position == self.characters.count { return terms }
            terms.append(try self.term())
        }
    }

    private mutating func term() throws(Filter.Fault) -> Filter.Term {
        var isNegated = false
        if self.peek == "!" {
            isNegated = true
            self.position += 1
        }
        guard let first = self.peek, first != " " else { throw self.fault("a term is missing after !") }
        if first == "\"" { return Filter.Term(isNegated: isNegated, condition: .words([try self.quoted()])) }
        let start = self.position
        let word = self.word()
        guard let comparison = self.comparison() else {
            guard !word.isEmpty else { throw self.fault("\(first) cannot begin a term") }
            return Filter.Term(isNegated: isNegated, condition: .words(try self.alternatives(after: word)))
        }
        guard let field = Filter.Field(rawValue: word.lowercased()) else {
            let known = Filter.Field.allCases.map(\.rawValue).joined(separator: " ")
            throw Filter.Fault(position: start, reason: "unknown field \"\(word)\"; the fields are: \(known)")
        }
        return Filter.Term(isNegated: isNegated, condition: .field(field, comparison, try self.values(of: field, comparison)))
    }

    private mutating func values(of field: Filter.Field, _ comparison: Filter.Operator) throws(Filter.Fault) -> [String] {
        let isOrder = comparison == .below || comparison == .above
        if isOrder, !field.isNumber { throw self.fault("\(field.rawValue) is a text: use : = !=") }
        var values: [String] = []
        repeat {
            if self.peek == "," { self.position += 1 }
            let start = self.position
            let value = self.peek == "\"" ? try self.quoted() : self.word(stoppingAt: ",")
            if value.isEmpty { throw self.fault("a value is missing") }
            if field.isNumber, Filter.number(value) == nil {
                throw Filter.Fault(position: start, reason: "\"\(value)\" is not a number or a duration such as 500ms, 2s, 5m")
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
            if next.isEmpty { throw self.fault("a word is missing after |") }
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
        throw Filter.Fault(position: start, reason: "the closing quote is missing")
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

    private var peek: Character? {
        self.position < self.characters.count ? self.characters[self.position] : nil
    }

    private func fault(_ reason: String) -> Filter.Fault {
        Filter.Fault(position: self.position, reason: reason)
    }
}

import ResourceContainer

/// A query over the rows of a view: terms, all of which must match.
///
/// `term = [!] ( field op value {, value} | word {| word} | "text" )` with the operators `: = != < >`. Words, and values after `:`, match as
/// parts of a text; values after `=` and `!=` are whole texts. `*` matches any text. A term about a field that a row does not have does not
/// match.
package struct Filter: Hashable, Sendable {
    /// A field of a row.
    package enum Field: String, CaseIterable, Sendable {
        /// The type of a resource.
        case type
        /// The name of a scope.
        case scope
        /// The state of an instance or a scope.
        case state
        /// The lifetime so far, in seconds.
        case life
        /// The number of errors.
        case err
        /// The health status.
        case health
        /// A tag of a binding or a scope.
        case tag
        /// The name of a binding, scope, pool or subject.
        case name
        /// The identity.
        case id
        /// The number of uses, or of leases of a pool.
        case uses
        /// The level of an event, or the severity of a finding.
        case level
        /// The kind of an event or a finding.
        case what
        /// How the body of a scope ended.
        case outcome

        /// Whether the field is compared as a number. Other fields are texts.
        var isNumber: Bool {
            switch self {
            case .life, .err, .uses: true
            case .type, .scope, .state, .health, .tag, .name, .id, .level, .what, .outcome: false
            }
        }

        /// Whether `:` compares from the start of a word, because one value may be a part of another: `healthy` of `unhealthy`.
        var isComparedFromStart: Bool {
            switch self {
            case .state, .health, .id, .level, .outcome: true
            case .type, .scope, .life, .err, .tag, .name, .uses, .what: false
            }
        }
    }

    /// The value of a row's field.
    package enum Value: Sendable {
        case texts([String])
        case number(Double)
    }

    /// An error in a query, with its position.
    package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// The index of the character where the error was detected, from 0.
        package var position: Int
        /// The reason.
        package var reason: String
        /// Whether the query can become valid when text is appended.
        package var isIncomplete = false

        /// The error as one line, with the position counted from 1.
        package var description: String {
            "at \(self.position + 1): \(self.reason)"
        }
    }

    enum Operator: String, Sendable {
        case matches = ":"
        case equals = "="
        case differs = "!="
        case below = "<"
        case above = ">"
    }

    enum Condition: Hashable, Sendable {
        case field(Field, Operator, [String])
        case words([String])
    }

    struct Term: Hashable, Sendable {
        var isNegated: Bool
        var condition: Condition
    }

    private(set) var terms: [Term]

    /// The filter that every row passes.
    package static let all = Filter(terms: [])

    private init(terms: [Term]) {
        self.terms = terms
    }

    /// Parses a query.
    ///
    /// - Parameters:
    ///   - query: The query.
    ///   - fields: The fields that the query may name: those of the list that it filters.
    ///   - isTyped: Whether the user is typing the query. A word at its end that begins the name of a field is then incomplete, and a missing
    ///     closing quote is added.
    /// - Throws: ``Fault`` at the first error.
    package init(_ query: String, fields: [Field] = Field.allCases, isTyped: Bool = false) throws(Fault) {
        var parser = FilterParser(query, fields: fields, isTyped: isTyped)
        self.terms = try parser.parse().map(\.inAmericanSpelling)
    }

    /// Whether the filter has no terms, so that every row passes.
    package var isEmpty: Bool {
        self.terms.isEmpty
    }

    /// Whether the result for a row can change with time alone.
    var dependsOnMoment: Bool {
        self.terms.contains { if case .field(let field, _, _) = $0.condition { field == .life || field == .health } else { false } }
    }

    /// Whether a row passes. `field` returns the row's value of a field, and `text` is searched for words.
    package func passes(text: @autoclosure () -> String, _ field: (Field) -> Value?) -> Bool {
        self.terms.allSatisfy { term in
            let holds =
                switch term.condition {
                case .words(let words): words.contains { Self.contains(text(), $0) }
                case .field(let name, let comparison, let values): field(name).map { Self.holds(name, $0, comparison, values) } ?? false
                }
            return holds != term.isNegated
        }
    }

    private static func holds(_ field: Field, _ value: Value, _ comparison: Operator, _ wanted: [String]) -> Bool {
        switch (value, comparison) {
        case (.texts(let texts), .matches):
            return wanted.contains { pattern in texts.contains { Self.matches($0, pattern, of: field) } }
        case (.texts(let texts), .equals):
            return wanted.contains { pattern in texts.contains { Self.matches($0, pattern) } }
        case (.texts(let texts), .differs):
            return !wanted.contains { pattern in texts.contains { Self.matches($0, pattern) } }
        case (.texts, .below), (.texts, .above):
            return false
        case (.number(let number), _):
            return wanted.contains { text in
                guard let limit = Self.number(text) else { return false }
                switch comparison {
                case .matches, .equals: return number == limit
                case .differs: return number != limit
                case .below: return number < limit
                case .above: return number > limit
                }
            }
        }
    }

    /// Parses a number, or a duration in seconds: `1.5`, `500ms`, `2s`, `5m`, `1h`.
    static func number(_ text: String) -> Double? {
        for (suffix, factor) in [("ms", 0.001), ("us", 0.000_001), ("s", 1), ("m", 60), ("h", 3600)] where text.hasSuffix(suffix) {
            return Double(text.dropLast(suffix.count)).map { $0 * factor }
        }
        return Double(text)
    }

    /// Whether `text` matches a pattern in which `*` matches any text. The comparison ignores case.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        text.lowercased().matches(glob: pattern.lowercased())
    }

    /// Whether a value of `field` contains `pattern`, or matches it as a whole if it has a `*`. The comparison ignores case.
    private static func matches(_ text: String, _ pattern: String, of field: Field) -> Bool {
        if pattern.contains("*") { return self.matches(text, pattern) }
        guard field.isComparedFromStart else { return self.contains(text, pattern) }
        let (text, pattern) = (text.lowercased(), pattern.lowercased())
        return text.hasPrefix(pattern) || [" ", "-", "#"].contains { text.contains("\($0)\(pattern)") }
    }

    /// Whether `text` contains `word`, in which `*` matches any text. The comparison ignores case.
    static func contains(_ text: String, _ word: String) -> Bool {
        word.contains("*") ? self.matches(text, "*\(word)*") : text.lowercased().contains(word.lowercased())
    }
}

extension Filter.Term {
    /// The term with the names of version 0.1 replaced, and with those of Swift: `state:initialising` and `outcome:cancelled` work.
    fileprivate var inAmericanSpelling: Filter.Term {
        guard case .field(let field, let comparison, let values) = self.condition else { return self }
        var term = self
        switch field {
        case .state, .what: term.condition = .field(field, comparison, values.map { $0.replacing("nitialis", with: "nitializ") })
        case .outcome: term.condition = .field(field, comparison, values.map { $0.replacing("ancell", with: "ancel") })
        case .type, .scope, .life, .err, .health, .tag, .name, .id, .uses, .level: break
        }
        return term
    }
}

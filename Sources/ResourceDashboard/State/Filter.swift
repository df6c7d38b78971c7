import ResourceContainer

/// A query over the rows of a view: terms that must all hold.
///
/// `term = [!] ( field op value {, value} | word {| word} | "text" )` with the operators `: = != < >`; `*` stands for anything. A term
/// about a field that a row does not have does not hold.
public struct Filter: Hashable, Sendable {
    /// What a row is asked for.
    public enum Field: String, CaseIterable, Sendable {
        case type, scope, state, life, err, health, tag, name, id, uses, level, what

        /// Whether it is compared as a number; the others are texts.
        var isNumber: Bool {
            switch self {
            case .life, .err, .uses: true
            case .type, .scope, .state, .health, .tag, .name, .id, .level, .what: false
            }
        }
    }

    /// What a row answers.
    enum Value: Sendable {
        case texts([String])
        case number(Double)
    }

    /// What is wrong with a query, and where.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// The character at which it shows, from 0.
        public var position: Int
        public var reason: String

        public var description: String {
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

    /// The filter that lets everything through.
    public static let all = Filter(terms: [])

    private init(terms: [Term]) {
        self.terms = terms
    }

    /// Reads a query.
    public init(_ query: String) throws(Fault) {
        var parser = FilterParser(query)
        self.terms = try parser.parse()
    }

    public var isEmpty: Bool {
        self.terms.isEmpty
    }

    /// Whether a row may pass at one moment and not at another although nothing happened to it.
    var dependsOnMoment: Bool {
        self.terms.contains { if case .field(let field, _, _) = $0.condition { field == .life || field == .health } else { false } }
    }

    /// Whether a row passes, which answers for its fields and has a text to look for words in.
    func passes(text: @autoclosure () -> String, _ field: (Field) -> Value?) -> Bool {
        self.terms.allSatisfy { term in
            let holds =
                switch term.condition {
                case .words(let words): words.contains { Self.contains(text(), $0) }
                case .field(let name, let comparison, let values): field(name).map { Self.holds($0, comparison, values) } ?? false
                }
            return holds != term.isNegated
        }
    }

    private static func holds(_ value: Value, _ comparison: Operator, _ wanted: [String]) -> Bool {
        switch (value, comparison) {
        case (.texts(let texts), .matches), (.texts(let texts), .equals):
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

    /// A number, or a duration in seconds: `1.5`, `500ms`, `2s`, `5m`, `1h`.
    static func number(_ text: String) -> Double? {
        for (suffix, factor) in [("ms", 0.001), ("us", 0.000_001), ("s", 1), ("m", 60), ("h", 3600)] where text.hasSuffix(suffix) {
            return Double(text.dropLast(suffix.count)).map { $0 * factor }
        }
        return Double(text)
    }

    /// Whether `text` fits a pattern in which `*` stands for anything; letters match in either case.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let (text, pattern) = (Array(text.lowercased()), Array(pattern.lowercased()))
        var (t, p) = (0, 0)
        var star: (p: Int, t: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == "*" {
                star = (p, t)
                p += 1
            } else if p < pattern.count, pattern[p] == text[t] {
                t += 1
                p += 1
            } else if let back = star {
                p = back.p + 1
                t = back.t + 1
                star = (back.p, back.t + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }

    static func contains(_ text: String, _ word: String) -> Bool {
        word.contains("*") ? self.matches(text, "*\(word)*") : text.lowercased().contains(word.lowercased())
    }
}

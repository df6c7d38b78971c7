extension Filter {
    /// A correction of a filter that no row passes.
    struct Hint: Hashable, Sendable {
        /// Why the rows may not pass.
        var reason: String
        /// The term to try instead: `type:Metro`.
        var term: String

        /// The hint as one line of at most `width` cells: in full, the term alone, or empty.
        func text(width: Int) -> String {
            let texts = ["\(self.reason): try \(self.term)", "try \(self.term)"]
            return texts.first { DisplayText.width(of: $0) <= width } ?? ""
        }
    }

    /// The correction to try if no row passes: a value that is compared with the whole text, as a part of it. Nil if no term has such a value.
    var hint: Hint? {
        self.terms.lazy.compactMap(\.hint).first
    }
}

extension Filter.Term {
    fileprivate var hint: Filter.Hint? {
        guard !self.isNegated, case .field(let field, let comparison, let values) = self.condition, !field.isNumber else { return nil }
        let isWhole = comparison == .equals
        guard isWhole || comparison == .matches else { return nil }
        for value in values where isWhole || value.contains("*") {
            let text = value.drop { $0 == "*" }.reversed().drop { $0 == "*" }.reversed()
            let pattern = value.contains("*") ? "*\(String(text))*" : value
            guard !text.isEmpty, isWhole || pattern != value else { continue }
            let quote = pattern.contains { $0 == " " || $0 == "," } ? "\"" : ""
            return Filter.Hint(
                reason: isWhole ? "= compares the whole text" : "with * a value is the whole text",
                term: "\(field.rawValue):\(quote)\(pattern)\(quote)"
            )
        }
        return nil
    }
}

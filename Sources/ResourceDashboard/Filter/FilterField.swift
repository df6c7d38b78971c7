/// The text of a list's filter, and the filter that is in effect.
package struct FilterField: Sendable {
    package private(set) var text = TextField()
    /// The filter in effect. It stays the last complete one while the text is incomplete or has an error, without a word that has become the
    /// name of an unknown field.
    package private(set) var filter = Filter.all
    /// The error in the text; nil if there is none, or if the text can become valid.
    package private(set) var fault: Filter.Fault?
    /// The reason why the text is incomplete; nil if it is complete or has an error.
    package private(set) var expected: String?

    /// Whether there is no text.
    package var isEmpty: Bool { self.text.text.isEmpty }

    /// Replaces the text. A filter that names a field outside `fields` is not applied.
    package mutating func set(_ text: TextField, fields: [Filter.Field]) {
        self.text = text
        (self.fault, self.expected) = (nil, nil)
        do throws(Filter.Fault) {
            self.filter = try Filter(text.text, fields: fields, isTyped: true)
        } catch {
            guard !error.isIncomplete else { return self.expected = error.reason }
            self.fault = error
            // The name of an unknown field was a word until its operator was typed, and would empty the list.
            if let before = try? Filter(String(text.text.prefix(error.position)), fields: fields) { self.filter = before }
        }
    }
}

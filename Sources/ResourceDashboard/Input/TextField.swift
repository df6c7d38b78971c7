/// A line of text with a cursor that the user edits.
package struct TextField: Hashable, Sendable {
    /// The longest text, in characters.
    static let limit = 200

    /// The text entered so far.
    package private(set) var text: String
    /// The number of characters after the cursor.
    private var behind = 0

    package init(_ text: String = "") {
        self.text = text
    }

    /// The text before the cursor, and the text after it.
    var parts: (before: String, behind: String) {
        (String(self.text.dropLast(self.behind)), String(self.text.suffix(self.behind)))
    }

    /// Handles a key. Returns false if the key does not edit text.
    package mutating func take(_ key: Key) -> Bool {
        switch (key.code, key.modifiers) {
        case (.character(let character), []):
            if self.text.count < Self.limit { self.replace(before: self.parts.before + String(character)) }
        case (.backspace, _):
            self.replace(before: String(self.parts.before.dropLast()))
        case (.delete, _), (.character("d"), .control):
            self.text = self.parts.before + self.parts.behind.dropFirst()
            self.behind = max(0, self.behind - 1)
        case (.left, _), (.character("b"), .control): self.behind = min(self.text.count, self.behind + 1)
        case (.right, _), (.character("f"), .control): self.behind = max(0, self.behind - 1)
        case (.home, _), (.character("a"), .control): self.behind = self.text.count
        case (.end, _), (.character("e"), .control): self.behind = 0
        case (.character("u"), .control): self.replace(before: "")
        case (.character("k"), .control):
            self.text = self.parts.before
            self.behind = 0
        case (.character("w"), .control):
            var before = self.parts.before
            while before.last == " " { before.removeLast() }
            while let last = before.last, last != " " { before.removeLast() }
            self.replace(before: before)
        default:
            return false
        }
        return true
    }

    private mutating func replace(before: String) {
        self.text = before + self.parts.behind
    }

    /// Inserts the first line of pasted text, without control characters.
    package mutating func paste(_ pasted: String) {
        let line = pasted.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let visible = line.filter { character in character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }
        self.replace(before: self.parts.before + String(visible.prefix(max(0, Self.limit - self.text.count))))
    }
}

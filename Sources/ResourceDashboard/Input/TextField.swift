/// A line of text being typed.
public struct TextField: Hashable, Sendable {
    /// The longest text it takes, in characters.
    static let limit = 200

    public private(set) var text: String
    /// How many characters stand behind the cursor.
    private var behind = 0

    init(_ text: String = "") {
        self.text = text
    }

    /// What stands before the cursor, and behind it.
    var parts: (before: String, behind: String) {
        (String(self.text.dropLast(self.behind)), String(self.text.suffix(self.behind)))
    }

    /// Takes a key; false if it means nothing to a text field.
    mutating func take(_ key: Key) -> Bool {
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

    /// Takes pasted text: its first line, without what cannot be seen.
    mutating func paste(_ pasted: String) {
        let line = pasted.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let visible = line.filter { character in character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }
        self.replace(before: self.parts.before + String(visible.prefix(max(0, Self.limit - self.text.count))))
    }
}

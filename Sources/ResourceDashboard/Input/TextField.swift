/// A line of text being typed.
public struct TextField: Hashable, Sendable {
    /// The longest text it takes, in characters.
    static let limit = 200

    public internal(set) var text: String

    init(_ text: String = "") {
        self.text = text
    }

    /// Takes a key; false if it means nothing to a text field.
    mutating func take(_ key: Key) -> Bool {
        switch (key.code, key.modifiers) {
        case (.character(let character), []):
            if self.text.count < Self.limit { self.text.append(character) }
            return true
        case (.backspace, _):
            if !self.text.isEmpty { self.text.removeLast() }
            return true
        case (.character("u"), .control):
            self.text = ""
            return true
        case (.character("w"), .control):
            while self.text.last == " " { self.text.removeLast() }
            while let last = self.text.last, last != " " { self.text.removeLast() }
            return true
        default:
            return false
        }
    }

    /// Takes pasted text: its first line, without what cannot be seen.
    mutating func paste(_ pasted: String) {
        let line = pasted.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let visible = line.filter { character in character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }
        self.text = String((self.text + visible).prefix(Self.limit))
    }
}

/// The names of keys: `j`, `C-d`, `S-Tab`, `A-x`, `PgDn`, `Space`, `F5`.
extension Key {
    private static let names: [(name: String, code: Code)] = [
        ("Up", .up), ("Down", .down), ("Left", .left), ("Right", .right), ("Home", .home), ("End", .end), ("PgUp", .pageUp),
        ("PgDn", .pageDown), ("Ins", .insert), ("Del", .delete), ("Enter", .enter), ("Tab", .tab), ("Backspace", .backspace),
        ("Esc", .escape), ("Space", .character(" ")),
    ]

    /// Creates the key with this name; nil if there is none. Names of special keys ignore case.
    package init?(named name: some StringProtocol) {
        var rest = Substring(name)
        var modifiers: Modifiers = []
        while rest.count > 2, rest.dropFirst().first == "-", let modifier = Self.modifier(rest.first) {
            modifiers.insert(modifier)
            rest = rest.dropFirst(2)
        }
        guard let code = Self.code(rest) else { return nil }
        if case .character(let character) = code {
            // With Control held, terminals report the letter in lower case. Without it, the letter itself shows Shift.
            guard modifiers.contains(.control) else {
                self.init(code, modifiers.subtracting(.shift))
                return
            }
            self.init(.character(Character(character.lowercased())), modifiers)
            return
        }
        self.init(code, modifiers)
    }

    private static func modifier(_ letter: Character?) -> Modifiers? {
        switch letter {
        case "C": .control
        case "A", "M": .alt
        case "S": .shift
        default: nil
        }
    }

    private static func code(_ name: Substring) -> Code? {
        if name.count == 1, let character = name.first { return .character(character) }
        if let named = self.names.first(where: { $0.name.lowercased() == name.lowercased() }) { return named.code }
        guard name.first?.lowercased() == "f", let number = Int(name.dropFirst()), (1...12).contains(number) else { return nil }
        return .function(number)
    }

    /// The name of the key, with the prefixes `C-`, `A-` and `S-` for its modifiers.
    package var name: String {
        let modifiers =
            (self.modifiers.contains(.control) ? "C-" : "") + (self.modifiers.contains(.alt) ? "A-" : "")
            + (self.modifiers.contains(.shift) ? "S-" : "")
        switch self.code {
        case .character(" "): return modifiers + "Space"
        case .character(let character): return modifiers + String(character)
        case .function(let number): return modifiers + "F\(number)"
        default: return modifiers + (Self.names.first { $0.code == self.code }?.name ?? "?")
        }
    }
}

import ResourceDashboard

/// The keys that terminals encode as escape sequences.
enum KeySequence {
    /// The key of `ESC [ parameters final`; nil if there is none.
    static func csi(parameters: [UInt8], final: UInt8) -> Key? {
        let numbers = Self.numbers(parameters[...])
        // Parameters that are not numbers belong to an answer of the terminal.
        if numbers.contains(where: { $0 == nil }), !parameters.isEmpty { return nil }
        let first = numbers.first.flatMap { $0 }
        let modifiers = numbers.count > 1 ? Self.modifiers(numbers[1] ?? 1) : []
        switch final {
        case UInt8(ascii: "~"):
            if first == 27, numbers.count == 3, let code = numbers[2] { return Self.character(code, modifiers) }
            return first.flatMap(Self.numbered).map { Key($0, modifiers) }
        case UInt8(ascii: "^"):
            return first.flatMap(Self.numbered).map { Key($0, .control) }
        case UInt8(ascii: "@"):
            return first.flatMap(Self.numbered).map { Key($0, [.control, .shift]) }
        case UInt8(ascii: "u"):
            return first.flatMap { Self.character($0, modifiers) }
        case UInt8(ascii: "Z"):
            return Key(.tab, modifiers.union(.shift))
        case UInt8(ascii: "a")...UInt8(ascii: "d"):
            return Self.lettered(final - 0x20).map { Key($0, .shift) }
        default:
            // A first number other than 1 belongs to an answer, such as the cursor position.
            guard first == nil || first == 1, numbers.count <= 2 else { return nil }
            return Self.lettered(final).map { Key($0, modifiers) }
        }
    }

    /// The key of `ESC O parameters final`; nil if there is none.
    static func ss3(parameters: [UInt8], final: UInt8) -> Key? {
        // Terminals send ESC O 5 A or ESC O 1 ; 5 A.
        let numbers = Self.numbers(parameters[...])
        let modifiers = numbers.last.flatMap { $0 }.map(Self.modifiers) ?? []
        switch final {
        case UInt8(ascii: "a")...UInt8(ascii: "d"): return Self.lettered(final - 0x20).map { Key($0, .control) }
        case UInt8(ascii: "j")...UInt8(ascii: "y"): return Key(.character(Character(Unicode.Scalar(final - 0x40))), modifiers)
        case UInt8(ascii: "X"): return Key(.character("="), modifiers)
        case UInt8(ascii: "M"): return Key(.enter, modifiers)
        case UInt8(ascii: "I"): return Key(.tab, modifiers)
        case UInt8(ascii: " "): return Key(.character(" "), modifiers)
        default: return Self.lettered(final).map { Key($0, modifiers) }
        }
    }

    /// The numbers between semicolons; nil for a missing or invalid one.
    static func numbers(_ parameters: ArraySlice<UInt8>) -> [Int?] {
        parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { part in
            // A subparameter after a colon refines the number.
            let digits = part.prefix { $0 != UInt8(ascii: ":") }
            guard !digits.isEmpty, digits.count <= 8, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
    }

    /// The modifiers of the second number, which is one more than the sum of 1 shift, 2 alt, 4 control and 8 meta.
    private static func modifiers(_ number: Int) -> Key.Modifiers {
        let bits = max(0, number - 1)
        var modifiers: Key.Modifiers = []
        if bits & 1 != 0 { modifiers.insert(.shift) }
        if bits & 10 != 0 { modifiers.insert(.alt) }
        if bits & 4 != 0 { modifiers.insert(.control) }
        return modifiers
    }

    private static func lettered(_ final: UInt8) -> Key.Code? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(final - UInt8(ascii: "O")))
        default: nil
        }
    }

    private static func numbered(_ number: Int) -> Key.Code? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23...26: .function(number - 12)
        case 28, 29: .function(number - 13)
        case 31...34: .function(number - 14)
        default: nil
        }
    }

    /// The key with a code point, as sent by terminals that report all modifiers.
    private static func character(_ code: Int, _ modifiers: Key.Modifiers) -> Key? {
        switch code {
        case 8, 127: return Key(.backspace, modifiers)
        case 9: return Key(.tab, modifiers)
        case 13: return Key(.enter, modifiers)
        case 27: return Key(.escape, modifiers)
        default:
            guard code >= 0x20, code < 0x7F || code >= 0xA0, let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
                return nil
            }
            let character = Character(scalar)
            if modifiers.contains(.shift), !modifiers.contains(.control), let upper = character.uppercased().first {
                return Key(.character(upper), modifiers.subtracting(.shift))
            }
            return Key(.character(character), modifiers)
        }
    }
}

extension Character {
    /// Whether the character is an ASCII digit. A digit with a combining accent lies between two digits in the order, and is not one.
    var isDigit: Bool {
        self.isASCII && ("0"..."9").contains(self)
    }
}

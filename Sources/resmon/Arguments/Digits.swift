extension Character {
    /// Whether it is one of the ten digits of ASCII. A digit with an accent lies between two of them, and is none.
    var isDigit: Bool {
        self.isASCII && ("0"..."9").contains(self)
    }
}

/// Assembles printed bytes into lines.
struct LineAssembler {
    /// The longest line in bytes. A longer one is split.
    static let maximumLength = 4096

    private var partial: [UInt8] = []

    /// Adds bytes and returns the completed lines without their line ends. Invalid UTF-8 becomes U+FFFD.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == 0x0A {
                lines.append(self.take())
            } else {
                self.partial.append(byte)
                if self.partial.count == Self.maximumLength { lines.append(self.take()) }
            }
        }
        return lines
    }

    /// Returns the incomplete last line, if any.
    mutating func finish() -> String? {
        self.partial.isEmpty ? nil : self.take()
    }

    private mutating func take() -> String {
        if self.partial.last == 0x0D { self.partial.removeLast() }
        let line = String(decoding: self.partial, as: UTF8.self)
        self.partial.removeAll(keepingCapacity: true)
        return line
    }
}

extension String {
    /// The name with every run of ASCII digits replaced by `*`, so that `req-431` and `req-432` share a row. O(length).
    package var replacingDigits: String {
        guard self.utf8.contains(where: { (48...57).contains($0) }) else { return self }
        var result = [UInt8]()
        result.reserveCapacity(self.utf8.count)
        for byte in self.utf8 {
            if !(48...57).contains(byte) { result.append(byte) } else if result.last != 42 { result.append(42) }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

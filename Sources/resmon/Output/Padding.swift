extension String {
    /// With blanks behind it, so that it takes `width` characters.
    func padding(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - self.count))
    }
}

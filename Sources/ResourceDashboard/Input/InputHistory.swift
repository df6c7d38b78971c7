/// The lines typed before, which can be recalled.
struct InputHistory: Hashable, Sendable {
    private static let limit = 50

    private var lines: [String] = []
    /// The index of the recalled line; nil while a new one is typed.
    private var index: Int?

    /// Adds an entered line as the newest and removes older copies of it.
    mutating func add(_ line: String) {
        self.index = nil
        guard !line.isEmpty else { return }
        self.lines.removeAll { $0 == line }
        self.lines.append(line)
        if self.lines.count > Self.limit { self.lines.removeFirst() }
    }

    /// Recalls the line before the current one; nil if there is none.
    mutating func earlier() -> String? {
        let next = (self.index ?? self.lines.count) - 1
        guard self.lines.indices.contains(next) else { return nil }
        self.index = next
        return self.lines[next]
    }

    /// Recalls the line after the current one, or an empty line after the newest. Returns nil if no line is recalled.
    mutating func later() -> String? {
        guard let index = self.index else { return nil }
        guard index + 1 < self.lines.count else {
            self.index = nil
            return ""
        }
        self.index = index + 1
        return self.lines[index + 1]
    }
}

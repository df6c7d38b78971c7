/// What was typed before, to be brought back.
struct InputHistory: Hashable, Sendable {
    private static let limit = 50

    private var lines: [String] = []
    /// Which line is brought back; nil while a new one is typed.
    private var place: Int?

    /// Keeps a line that was entered, once, as the newest.
    mutating func add(_ line: String) {
        self.place = nil
        guard !line.isEmpty else { return }
        self.lines.removeAll { $0 == line }
        self.lines.append(line)
        if self.lines.count > Self.limit { self.lines.removeFirst() }
    }

    /// The line before the one brought back last; nil if there is none.
    mutating func earlier() -> String? {
        let next = (self.place ?? self.lines.count) - 1
        guard self.lines.indices.contains(next) else { return nil }
        self.place = next
        return self.lines[next]
    }

    /// The line after the one brought back last, and behind the newest an empty one.
    mutating func later() -> String? {
        guard let place = self.place else { return nil }
        guard place + 1 < self.lines.count else {
            self.place = nil
            return ""
        }
        self.place = place + 1
        return self.lines[place + 1]
    }
}

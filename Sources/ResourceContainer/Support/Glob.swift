extension String {
    /// Whether the whole string matches a pattern in which `*` matches any number of characters. O(length × pattern length).
    package func matches(glob pattern: String) -> Bool {
        let (text, pattern) = (Array(self.unicodeScalars), Array(pattern.unicodeScalars))
        var (position, patternIndex) = (0, 0)
        var star: (patternIndex: Int, position: Int)?
        while position < text.count {
            if patternIndex < pattern.count, pattern[patternIndex] == "*" {
                star = (patternIndex, position)
                patternIndex += 1
            } else if patternIndex < pattern.count, pattern[patternIndex] == text[position] {
                (position, patternIndex) = (position + 1, patternIndex + 1)
            } else if let last = star {
                // Backtrack: the last star matches one more character.
                star = (last.patternIndex, last.position + 1)
                (patternIndex, position) = (last.patternIndex + 1, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == "*" }
    }
}

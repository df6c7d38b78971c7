/// The letters that the user types to find a name.
///
/// A name matches if it contains the letters in their order. Blanks and dots that are typed are ignored, and so is the case of ASCII letters.
struct FuzzySearch: Sendable {
    private let letters: [UInt8]

    init(_ typed: String) {
        self.letters = typed.utf8.map(Self.lowercased).filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: ".") }
    }

    /// Whether there is no letter to search for.
    var isEmpty: Bool { self.letters.isEmpty }

    /// Returns how far apart the letters are in `name`, lower being better and beginnings of words counting as near; nil if they do not all
    /// occur in order. Letters side by side are better than letters apart. O(letters of the name × letters typed).
    func score(_ name: String) -> Int? {
        guard !self.isEmpty else { return 0 }
        let bytes = Array(name.utf8)
        guard let score = self.spread(bytes) else { return nil }
        return score > 1 ? min(score, self.joined(bytes) ?? score) : score
    }

    /// Returns the score of the first occurrence of each letter.
    private func spread(_ name: [UInt8]) -> Int? {
        var (score, matched, last) = (0, 0, -1)
        for index in name.indices where Self.lowercased(name[index]) == self.letters[matched] {
            score += index == last + 1 ? 0 : Self.beginsWord(index, in: name) ? 1 : 3 + index - last
            last = index
            matched += 1
            if matched == self.letters.count { return score }
        }
        return nil
    }

    /// Returns the score of the letters side by side; nil if they do not occur so.
    private func joined(_ name: [UInt8]) -> Int? {
        guard name.count >= self.letters.count else { return nil }
        var score: Int?
        for start in 0...(name.count - self.letters.count) {
            guard self.letters.indices.allSatisfy({ Self.lowercased(name[start + $0]) == self.letters[$0] }) else { continue }
            if Self.beginsWord(start, in: name) { return start == 0 ? 0 : 1 }
            score = 4
        }
        return score
    }

    private static func beginsWord(_ index: Int, in name: [UInt8]) -> Bool {
        guard index > 0 else { return true }
        return !Self.isWord(name[index - 1]) || (Self.isUppercase(name[index]) && !Self.isUppercase(name[index - 1]))
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: true
        default: Self.isUppercase(byte)
        }
    }

    private static func isUppercase(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        Self.isUppercase(byte) ? byte | 0x20 : byte
    }
}

extension String {
    /// Returns the number of letters to insert, remove, replace or swap with their neighbor to turn this text into `other`. O(n × m).
    func editDistance(to other: String) -> Int {
        let (from, to) = (Array(self.utf8), Array(other.utf8))
        var (before, last) = ([Int](), Array(0...to.count))
        for row in from.indices {
            var next = [row + 1]
            for column in to.indices {
                let replaced = last[column] + (from[row] == to[column] ? 0 : 1)
                let isSwapped = row > 0 && column > 0 && from[row] == to[column - 1] && from[row - 1] == to[column]
                let swapped = isSwapped ? before[column - 1] + 1 : .max
                next.append(Swift.min(last[column + 1] + 1, next[column] + 1, replaced, swapped))
            }
            (before, last) = (last, next)
        }
        return last[to.count]
    }
}

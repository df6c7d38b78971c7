/// A renderer that writes a canvas as text with SGR color sequences and no others, for pipes that end at a terminal.
package enum ANSIRenderer {
    /// Returns the rows of `canvas`, each exactly its width in columns.
    ///
    /// One sequence precedes each run of cells with the same style. Every row ends in a reset and a newline, so that colors do not bleed
    /// out of truncated or scrolled output. The same canvas gives the same bytes.
    package static func render(_ canvas: Canvas, depth: ColorDepth) -> String {
        var result = ""
        for y in 0..<canvas.size.height {
            var current: Style?
            for cell in canvas.row(y) {
                if cell.style != current {
                    result += self.sequence(depth.nearest(cell.style))
                    current = cell.style
                }
                result += cell.text
            }
            result += "\u{1B}[0m\n"
        }
        return result
    }

    private static func sequence(_ style: TerminalStyle) -> String {
        var codes = ["0"]
        if style.attributes.contains(.bold) { codes.append("1") }
        if style.attributes.contains(.dim) { codes.append("2") }
        if style.attributes.contains(.italic) { codes.append("3") }
        if style.attributes.contains(.underline) { codes.append("4") }
        if style.attributes.contains(.reverse) { codes.append("7") }
        if let code = self.code(style.foreground, base: 30) { codes.append(code) }
        if let code = self.code(style.background, base: 40) { codes.append(code) }
        return "\u{1B}[\(codes.joined(separator: ";"))m"
    }

    /// Returns the SGR code of a color. `base` is 30 for the foreground and 40 for the background.
    private static func code(_ color: TerminalColor, base: Int) -> String? {
        switch color {
        case .default: nil
        case .indexed(let index) where index < 8: "\(base + Int(index))"
        case .indexed(let index) where index < 16: "\(base + 52 + Int(index))"
        case .indexed(let index): "\(base + 8);5;\(index)"
        case .rgb(let red, let green, let blue): "\(base + 8);2;\(red);\(green);\(blue)"
        }
    }
}

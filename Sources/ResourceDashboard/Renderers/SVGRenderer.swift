/// A renderer that writes a canvas as one self-contained SVG image. The same canvas gives the same bytes.
///
/// Lines, blocks and braille are drawn as shapes, so that frames close and columns align in every font. Each word is placed at its column
/// and given its exact length.
package enum SVGRenderer {
    /// Returns the SVG image of `canvas`.
    ///
    /// - Parameters:
    ///   - canvas: The frame to draw.
    ///   - theme: The theme that defines the terminal's default colors.
    ///   - title: The accessible name of the image.
    package static func render(_ canvas: Canvas, theme: Theme, title: String) -> String {
        var drawing = SVGDrawing(ground: SVGPalette(theme))
        for y in 0..<canvas.size.height { drawing.add(row: Array(canvas.row(y)), y: y) }
        return Self.document(
            canvas.size,
            drawing.ground,
            title: title,
            style: "",
            body: drawing.backgrounds.joined() + drawing.foregrounds.joined()
        )
    }

    /// Returns an image with its frame, fonts and background around `body`.
    static func document(_ size: Size, _ ground: SVGPalette, title: String, style: String, body: String) -> String {
        let width = size.width * SVGDrawing.cellWidth
        let height = size.height * SVGDrawing.cellHeight
        let fonts = "'DejaVu Sans Mono','Cascadia Mono',Menlo,Consolas,'Liberation Mono','Noto Sans Mono',monospace"
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" role="img">
            <title>\(SVGDrawing.escaped(title))</title>
            <style>text{font-family:\(fonts);font-size:\(SVGDrawing.fontSize)px;white-space:pre}.b{font-weight:bold}.i{font-style:italic}\
            .u{text-decoration:underline}\(style)</style>
            <rect width="\(width)" height="\(height)" fill="\(ground.background.hex)"/>
            \(body)</svg>

            """
    }
}

/// The default colors of an image.
struct SVGPalette {
    let foreground: RGB
    let background: RGB

    init(_ theme: Theme) {
        let text = theme.style(.text)
        let isDark = theme.variant == .dark
        self.foreground = RGB.shown(text.foreground, orElse: isDark ? RGB(0xD8, 0xDC, 0xE2) : RGB(0x22, 0x26, 0x2B))
        self.background = RGB.shown(text.background, orElse: isDark ? RGB(0x12, 0x15, 0x1A) : RGB(0xFC, 0xFC, 0xFC))
    }

    /// Returns the colors of a style with its reverse and dim attributes applied.
    func shown(_ style: Style) -> (foreground: RGB, background: RGB) {
        var foreground = RGB.shown(style.foreground, orElse: self.foreground)
        var background = RGB.shown(style.background, orElse: self.background)
        if style.attributes.contains(.reverse) { swap(&foreground, &background) }
        if style.attributes.contains(.dim) { foreground = foreground.mixed(with: background) }
        return (foreground, background)
    }
}

extension RGB {
    /// The color as `#rrggbb`.
    var hex: String {
        let digits = String(Int(self.red) << 16 | Int(self.green) << 8 | Int(self.blue), radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// Returns two thirds of this color mixed with one third of `other`.
    func mixed(with other: RGB) -> RGB {
        func mix(_ first: UInt8, _ second: UInt8) -> UInt8 { UInt8((2 * Int(first) + Int(second)) / 3) }
        return RGB(mix(self.red, other.red), mix(self.green, other.green), mix(self.blue, other.blue))
    }
}

/// The elements of an SVG drawing, collected row by row. Equal cells at the same position give equal elements.
struct SVGDrawing {
    static let cellWidth = 10
    static let cellHeight = 20
    /// The font size, in pixels. Common monospace fonts are 0.6 em wide, so that a letter is as wide as a cell.
    static let fontSize = "16.6"
    /// The distance from the top of a cell to the baseline, in pixels.
    private static let baseline = 15

    let ground: SVGPalette
    /// Whether the elements are short because a drawing has many of them: rows of braille dots are dashed lines, and words have no exact
    /// length.
    let isCompact: Bool
    private(set) var backgrounds: [String] = []
    private(set) var foregrounds: [String] = []

    init(ground: SVGPalette, isCompact: Bool = false) {
        self.ground = ground
        self.isCompact = isCompact
    }

    mutating func add(row: [Cell], y: Int) {
        var x = 0
        while x < row.count {
            let style = row[x].style
            var end = x + 1
            while end < row.count, row[end].style == style { end += 1 }
            self.add(run: row[x..<end], style: style, y: y)
            x = end
        }
    }

    /// Adds adjacent cells of one style.
    private mutating func add(run: ArraySlice<Cell>, style: Style, y: Int) {
        let colors = self.ground.shown(style)
        let top = y * Self.cellHeight
        if colors.background != self.ground.background {
            let left = run.startIndex * Self.cellWidth
            self.backgrounds.append(
                """
                <rect x="\(left)" y="\(top)" width="\(run.count * Self.cellWidth)" height="\(Self.cellHeight)" \
                fill="\(colors.background.hex)"/>

                """
            )
        }
        var shapes = ""
        var faintShapes: [SVGShape.Strength: String] = [:]
        var x = run.startIndex
        while x < run.endIndex {
            let cell = run[x]
            if self.isCompact, Self.dots(cell.text) != nil {
                x += 1
            } else if let shape = SVGShape(cell.text) {
                let path = shape.path(x: x * Self.cellWidth, y: top, width: Self.cellWidth, height: Self.cellHeight)
                if shape.strength == .full { shapes += path } else { faintShapes[shape.strength, default: ""] += path }
                x += 1
            } else if cell.text == " " && !style.attributes.contains(.underline) {
                x += 1
            } else {
                x = self.addWord(run, from: x, style: style, fill: colors.foreground, y: y)
            }
        }
        if self.isCompact { self.addDots(run, fill: colors.foreground, y: top) }
        self.addPath(shapes, fill: colors.foreground, strength: .full)
        for strength in SVGShape.Strength.allCases {
            self.addPath(faintShapes[strength] ?? "", fill: colors.foreground, strength: strength)
        }
    }

    /// Returns the dots of a braille character as bits in Unicode's numbering; nil for any other text.
    private static func dots(_ text: String) -> UInt32? {
        guard let scalar = text.unicodeScalars.first, (0x2800...0x28FF).contains(scalar.value) else { return nil }
        return scalar.value - 0x2800
    }

    /// Adds the braille dots of a run. Dots are five units apart across cells, so that neighbors in a row are one dashed line.
    private mutating func addDots(_ run: ArraySlice<Cell>, fill: RGB, y: Int) {
        // The bits of the left and the right dot in each row of a cell.
        let bits: [(left: UInt32, right: UInt32)] = [(0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)]
        var path = ""
        for (row, bit) in bits.enumerated() {
            var start: Int?
            let columns = run.indices.flatMap { index -> [Bool] in
                let dots = Self.dots(run[index].text) ?? 0
                return [dots & bit.left != 0, dots & bit.right != 0]
            }
            for (column, isSet) in (columns + [false]).enumerated() {
                if isSet, start == nil { start = column }
                guard !isSet, let first = start else { continue }
                start = nil
                path += "M\(run.startIndex * Self.cellWidth + first * 5 + 1) \(y + row * 5 + 2).5h\((column - first) * 5 - 2)"
            }
        }
        guard !path.isEmpty else { return }
        self.foregrounds.append("<path class=\"d\" stroke=\"\(fill.hex)\" d=\"\(path)\"/>\n")
    }

    private mutating func addPath(_ path: String, fill: RGB, strength: SVGShape.Strength) {
        guard !path.isEmpty else { return }
        let opacity = strength == .full ? "" : " fill-opacity=\"\(strength.rawValue)\""
        self.foregrounds.append("<path fill=\"\(fill.hex)\"\(opacity) d=\"\(path)\"/>\n")
    }

    /// Adds the text from `start` to the next blank, shape or wide grapheme, and returns the index where it ends.
    private mutating func addWord(_ run: ArraySlice<Cell>, from start: Int, style: Style, fill: RGB, y: Int) -> Int {
        var end = start
        var text = ""
        let isUnderlined = style.attributes.contains(.underline)
        if run[start].width == 2 {
            text = run[start].text
            end = min(run.endIndex, start + 2)
        } else {
            while end < run.endIndex, run[end].width == 1, isUnderlined || run[end].text != " ", SVGShape(run[end].text) == nil {
                text += run[end].text
                end += 1
            }
        }
        // Half of a wide grapheme alone, which a canvas never contains.
        guard end > start else { return start + 1 }
        var classes: [String] = []
        if style.attributes.contains(.bold) { classes.append("b") }
        if style.attributes.contains(.italic) { classes.append("i") }
        if isUnderlined { classes.append("u") }
        let kind = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
        let length =
            self.isCompact
            ? "" : " textLength=\"\((end - start) * Self.cellWidth)\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\""
        self.foregrounds.append(
            """
            <text x="\(start * Self.cellWidth)" y="\(y * Self.cellHeight + Self.baseline)"\(length)\(kind) fill="\(fill.hex)">\
            \(Self.escaped(text))</text>

            """
        )
        return end
    }

    /// Returns `text` escaped for XML. Controls are replaced by visible characters, because XML cannot represent most of them.
    static func escaped(_ text: String) -> String {
        var result = ""
        for (grapheme, _) in DisplayText.graphemes(text) {
            switch grapheme {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result += grapheme
            }
        }
        return result
    }
}

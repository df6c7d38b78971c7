/// A character that is drawn as a shape instead of as text: box lines, blocks, braille.
struct SVGShape {
    /// The opacity of a shape.
    enum Strength: String, CaseIterable, Hashable {
        case quarter = "0.25"
        case half = "0.5"
        case threeQuarters = "0.75"
        case full = "1"
    }

    private enum Form {
        /// Lines from the center to the given edges.
        case lines(left: Bool, right: Bool, up: Bool, down: Bool)
        /// A quarter circle from one edge to another.
        case arc(right: Bool, down: Bool)
        case doubleLine
        case dashedLine
        case dottedLine
        /// A filled part, in eighths of the cell from the left edge and from the bottom.
        case block(across: Int, rising: Int)
        /// Dots as bits in Unicode's numbering.
        case braille(UInt32)
    }

    let strength: Strength
    private let form: Form

    /// Creates the shape of `text`; nil if it is drawn as text.
    init?(_ text: String) {
        guard let scalar = text.unicodeScalars.first, text.unicodeScalars.dropFirst().isEmpty else { return nil }
        var strength = Strength.full
        switch scalar.value {
        case 0x2500: self.form = .lines(left: true, right: true, up: false, down: false)
        case 0x2502: self.form = .lines(left: false, right: false, up: true, down: true)
        case 0x250C: self.form = .lines(left: false, right: true, up: false, down: true)
        case 0x2510: self.form = .lines(left: true, right: false, up: false, down: true)
        case 0x2514: self.form = .lines(left: false, right: true, up: true, down: false)
        case 0x2518: self.form = .lines(left: true, right: false, up: true, down: false)
        case 0x251C: self.form = .lines(left: false, right: true, up: true, down: true)
        case 0x2524: self.form = .lines(left: true, right: false, up: true, down: true)
        case 0x252C: self.form = .lines(left: true, right: true, up: false, down: true)
        case 0x2534: self.form = .lines(left: true, right: true, up: true, down: false)
        case 0x253C: self.form = .lines(left: true, right: true, up: true, down: true)
        case 0x256D: self.form = .arc(right: true, down: true)
        case 0x256E: self.form = .arc(right: false, down: true)
        case 0x256F: self.form = .arc(right: false, down: false)
        case 0x2570: self.form = .arc(right: true, down: false)
        case 0x2550: self.form = .doubleLine
        case 0x254C: self.form = .dashedLine
        case 0x250A: self.form = .dottedLine
        case 0x2581...0x2588: self.form = .block(across: 8, rising: Int(scalar.value) - 0x2580)
        case 0x2589...0x258F: self.form = .block(across: 0x2590 - Int(scalar.value), rising: 8)
        case 0x2591...0x2593:
            self.form = .block(across: 8, rising: 8)
            strength = scalar.value == 0x2591 ? .quarter : scalar.value == 0x2592 ? .half : .threeQuarters
        case 0x2800...0x28FF: self.form = .braille(scalar.value - 0x2800)
        default: return nil
        }
        self.strength = strength
    }

    /// Returns the path data in the cell whose top left is (`x`, `y`). Lines are two units thick.
    func path(x: Int, y: Int, width: Int, height: Int) -> String {
        func box(_ left: Int, _ top: Int, _ width: Int, _ height: Int) -> String {
            width > 0 && height > 0 ? "M\(x + left) \(y + top)h\(width)v\(height)h-\(width)z" : ""
        }
        let middle = width / 2
        let center = height / 2
        switch self.form {
        case .lines(let left, let right, let up, let down):
            let start = left ? 0 : middle - 1
            let end = right ? width : middle + 1
            let top = up ? 0 : center - 1
            let bottom = down ? height : center + 1
            let across = left || right ? box(start, center - 1, end - start, 2) : ""
            let along = up || down ? box(middle - 1, top, 2, bottom - top) : ""
            return across + along
        case .arc(let right, let down):
            return self.arc(right: right, down: down, x: x + middle, y: y + center, width: middle, height: center)
        case .doubleLine:
            return box(0, center - 3, width, 2) + box(0, center + 1, width, 2)
        case .dashedLine:
            return box(1, center - 1, 3, 2) + box(6, center - 1, 3, 2)
        case .dottedLine:
            return (0..<4).map { box(middle - 1, $0 * 5 + 1, 2, 3) }.joined()
        case .block(let across, let rising):
            let filled = (rising * height + 4) / 8
            return box(0, height - filled, (across * width + 4) / 8, filled)
        case .braille(let dots):
            let positions: [(column: Int, row: Int)] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
            return positions.indices.filter { dots & (1 << UInt32($0)) != 0 }
                .map { box(1 + positions[$0].column * middle, 1 + positions[$0].row * 5, 3, 3) }
                .joined()
        }
    }

    /// Returns an arc from the middle of a side edge to the middle of the top or bottom edge. (`x`, `y`) is the center of the cell.
    private func arc(right: Bool, down: Bool, x: Int, y: Int, width: Int, height: Int) -> String {
        let side = right ? 1 : -1
        let end = down ? 1 : -1
        // The path follows the outer edge, then the inner edge back. Between the curve and the top or bottom edge the line is straight.
        let outer = width + 1
        let inner = width - 1
        let sweepOut = right == down ? 0 : 1
        let sweepBack = 1 - sweepOut
        return "M\(x + side * width) \(y - end)"
            + "a\(outer) \(outer) 0 0 \(sweepOut) \(-side * outer) \(end * outer)V\(y + end * height)"
            + "h\(side * 2)V\(y + end * width)"
            + "a\(inner) \(inner) 0 0 \(sweepBack) \(side * inner) \(-end * inner)z"
    }
}

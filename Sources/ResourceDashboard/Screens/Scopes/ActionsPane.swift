/// The keys that act on the selected scope or resource, in a grid. A click on one runs its command.
struct ActionsPane {
    /// A key with the last part of its command's name in words: `t teardown preview`.
    private struct Hint {
        let command: Command
        let acts: Bool
        let key: String
        let label: String
        let width: Int

        init(_ info: CommandInfo) {
            self.command = info.command
            self.acts = info.acts
            self.key = info.keys.first?.name ?? ""
            self.label = info.shortName
            self.width = DisplayText.width(of: self.key) + 1 + DisplayText.width(of: self.label)
        }
    }

    private static let gap = 2

    private let hints: [Hint]
    /// The widths of the columns.
    private let columns: [Int]

    init(_ keys: KeyMap, width: Int) {
        let hints = keys.commands.filter { info in
            info.group == .act && !info.keys.isEmpty && info.views?.contains(ScopesScreen.view) ?? true
        }.map { Hint($0) }
        self.hints = hints
        self.columns = Self.columns(hints.map(\.width), width: width)
    }

    /// The number of rows in the grid.
    var height: Int {
        (self.hints.count + self.columns.count - 1) / self.columns.count
    }

    func draw(isReadonly: Bool, _ painter: inout Painter, _ rect: Rect) {
        for (index, hint) in self.hints.enumerated() {
            let (row, column) = index.quotientAndRemainder(dividingBy: self.columns.count)
            let x = rect.x + self.columns[..<column].reduce(0) { $0 + $1 + Self.gap }
            let width = min(self.columns[column], rect.x + rect.width - x)
            guard row < rect.height, width > 0 else { continue }
            let isRefused = hint.acts && isReadonly
            painter.line(
                [Span("\(hint.key) ", isRefused ? .textDim : .text), Span(hint.label, .textDim)],
                x: x,
                y: rect.y + row,
                width: width
            )
            painter.targets.add(Rect(x: x, y: rect.y + row, width: width, height: 1), .command(hint.command))
        }
    }

    /// Returns the widths of as many columns as fit.
    private static func columns(_ widths: [Int], width: Int) -> [Int] {
        let least = widths.min() ?? 0
        for count in stride(from: min(widths.count, (width + self.gap) / (least + self.gap)), to: 1, by: -1) {
            let columns = (0..<count).map { column in
                stride(from: column, to: widths.count, by: count).reduce(0) { max($0, widths[$1]) }
            }
            if columns.reduce(0, +) + self.gap * (count - 1) <= width { return columns }
        }
        return [widths.max() ?? 0]
    }
}

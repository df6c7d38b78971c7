/// A key in the last row of the screen: the key, and its effect in a word.
package struct KeyHint: Sendable {
    package var command: Command
    package var key: String
    package var word: String

    /// Creates a hint.
    package init(_ command: Command, _ key: String, _ word: String) {
        self.command = command
        self.key = key
        self.word = word
    }

    /// The width of the hint with the blanks after it.
    fileprivate var width: Int {
        DisplayText.width(of: self.key) + DisplayText.width(of: self.word) + 3
    }

    fileprivate var isWayOut: Bool {
        self.command == .help || self.command == .quit
    }
}

extension Painter {
    /// Draws the keys, as many as fit. Help and quit are always visible. Each key can be clicked.
    package mutating func drawKeys(_ hints: [KeyHint], y: Int) {
        var room = self.canvas.size.width - 1 - hints.filter(\.isWayOut).reduce(0) { $0 + $1.width }
        var x = 1
        for hint in hints {
            if !hint.isWayOut {
                guard hint.width <= room else { continue }
                room -= hint.width
            }
            self.line([Span(hint.key), Span(" \(hint.word)", .textDim)], x: x, y: y, width: self.canvas.size.width - x)
            self.targets.add(Rect(x: x, y: y, width: hint.width - 2, height: 1), .command(hint.command))
            x += hint.width
        }
    }
}

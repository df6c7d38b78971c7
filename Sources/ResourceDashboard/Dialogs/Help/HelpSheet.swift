/// The lines of the help in columns of equal height, of which a page is visible.
struct HelpSheet {
    /// A line of the help.
    struct Line {
        /// The index of the entry; nil for a heading.
        var entry: Int?
        var label: String
        var text: String
        /// Whether the text is of a command that works in no view at the moment.
        var isDim = false
    }

    let lines: [Line]
    /// The columns of text.
    let columns: [Rect]

    /// The number of lines on a page.
    var capacity: Int {
        self.columns.reduce(0) { $0 + $1.height }
    }

    /// Returns the lines of the page that has the selected entry. A page is full, so that the last one repeats lines of the page before.
    func page(selected: Int) -> Range<Int> {
        guard self.capacity > 0, !self.lines.isEmpty else { return 0..<0 }
        let line = self.lines.firstIndex { $0.entry == selected } ?? 0
        let top = max(0, min(line / self.capacity * self.capacity, self.lines.count - self.capacity))
        return top..<min(self.lines.count, top + self.capacity)
    }

    /// Returns the entry that is a number of lines after another one, or the first or the last if there is none.
    func entry(after selected: Int, lines: Int) -> Int {
        let target = (self.lines.firstIndex { $0.entry == selected } ?? 0) + lines
        let near = self.lines.prefix(max(0, target + 1)).last { $0.entry != nil }
        return near?.entry ?? 0
    }
}

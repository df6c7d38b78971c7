/// A row of a list that is a sentence: a glyph, the words before the sentence, and its text, which wraps.
struct Sentence: Sendable {
    var glyph: Span
    /// The words before the text. They are columns where the text has enough room beside them.
    var head: [Span]
    var text: String
    var role = Role.text

    /// The least width of text beside columns.
    private static let leastWidth = 40

    /// The sentence with five digits in place of each number, whose lines do not change with its figures.
    var withSteadyNumbers: Sentence {
        var (steady, isInNumber) = (self, false)
        steady.text = ""
        for character in self.text {
            let isNumber = character.isNumber || (isInNumber && (character == "." || character == ","))
            if !isNumber { steady.text.append(character) } else if !isInNumber { steady.text += "00000" }
            isInNumber = isNumber
        }
        return steady
    }

    /// Returns the lines of each sentence in `width` cells.
    static func lines(_ sentences: [Sentence], width: Int) -> [[[Span]]] {
        let count = sentences.map(\.head.count).max() ?? 0
        let columns = (0..<count).map { column in
            sentences.filter { $0.head.count > column }.map { DisplayText.width(of: $0.head[column].text) }.max() ?? 0
        }
        let room = width - 2
        let indent = columns.reduce(0) { $0 + $1 + 2 }
        return sentences.map { sentence in
            room - indent >= Self.leastWidth ? sentence.aligned(columns, width: room - indent) : sentence.flowing(width: room)
        }
    }

    /// Returns the lines with the words in columns and the text at their right, `width` cells wide.
    private func aligned(_ columns: [Int], width: Int) -> [[Span]] {
        let texts = DisplayText.wrap(self.text, width: max(1, width))
        var first = [self.glyph, Span(" ")]
        for (index, column) in columns.enumerated() {
            let word = index < self.head.count ? self.head[index] : Span("")
            first.append(Span(DisplayText.fit(word.text, width: column) + "  ", word.role))
        }
        first.append(Span(texts.first ?? "", self.role))
        let indent = String(repeating: " ", count: 2 + columns.reduce(0) { $0 + $1 + 2 })
        return [first] + texts.dropFirst().map { [Span(indent), Span($0, self.role)] }
    }

    /// Returns the lines with the text directly after the words.
    private func flowing(width: Int) -> [[Span]] {
        var first = [self.glyph, Span(" ")]
        for word in self.head { first += [word, Span(" ")] }
        let used = self.head.reduce(0) { $0 + DisplayText.width(of: $1.text) + 1 }
        // The words are one word to the wrapping, because they are not broken.
        let placeholder = String(repeating: "x", count: max(0, used - 1))
        var texts = used < width ? DisplayText.wrap("\(placeholder) \(self.text)", width: max(1, width)) : []
        if texts.isEmpty {
            texts = DisplayText.wrap(self.text, width: max(1, width))
        } else {
            let begin = texts.removeFirst().dropFirst(used)
            first.append(Span(String(begin), self.role))
        }
        return [first] + texts.map { [Span("  "), Span($0, self.role)] }
    }
}

extension Painter {
    /// Draws a list of sentences. Each has one line, and those at the top have all their lines while there are free rows.
    ///
    /// - Parameters:
    ///   - list: The list. Only the focused one shows its selection.
    ///   - empty: The text that is shown if there is no row.
    ///   - pane: The index of the pane.
    ///   - isFocused: Whether the pane has the focus.
    ///   - rect: The interior of the frame.
    ///   - sentence: Returns the sentence of the row at an index.
    mutating func draw(
        _ list: any ListStatus,
        empty: String,
        pane: Int,
        isFocused: Bool,
        in rect: Rect,
        _ sentence: (Int) -> Sentence
    ) {
        guard rect.height > 0, rect.width > 2 else { return }
        let inner = rect.padded()
        guard list.count > 0 else {
            let text = list.filter.isEmpty ? empty : "nothing matches the filter; Esc clears it"
            return self.lines(self.wrapped(text, .textDim, width: inner.width), in: inner)
        }
        let shown = list.window(height: rect.height)
        self.targets.add(rect, .list(pane: pane, top: shown.lowerBound, height: rect.height, count: list.count))
        var spare = rect.height - shown.count
        var y = rect.y
        for (index, lines) in zip(shown, Sentence.lines(shown.map(sentence), width: inner.width)) {
            let height = min(lines.count, 1 + spare)
            spare -= height - 1
            for (number, line) in lines.prefix(height).enumerated() {
                var spans = line
                if number == height - 1, height < lines.count, let rest = lines[height].last, var last = spans.popLast() {
                    // The text continues beyond the edge, so that it ends in an ellipsis.
                    last.text += " \(rest.text)"
                    spans.append(last)
                }
                self.line(spans, x: inner.x, y: y, width: inner.width)
                let isSelected = isFocused && index == list.selectedIndex
                self.mark(.row(pane: pane, index: index), isSelected: isSelected, x: rect.x, y: y, width: rect.width)
                y += 1
            }
        }
        self.scrollBar(pane: pane, shown, of: list.count, isFocused: isFocused, x: rect.x + rect.width, y: rect.y, height: rect.height)
    }
}

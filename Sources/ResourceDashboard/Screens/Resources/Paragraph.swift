/// A label with items of text, which continues on indented lines if it is longer than a line.
struct Paragraph: Sendable {
    /// The label, on the first line only.
    var lead: [Span]
    /// The items. A line is broken between items if possible, and otherwise at a blank. The spans of an item are separated by a blank.
    var items: [[Span]]

    private static let gap = 3

    init(_ lead: [Span], _ items: [[Span]]) {
        self.lead = lead
        self.items = items.filter { !$0.isEmpty }
    }

    /// Creates a paragraph with a label that is padded to `width` cells.
    init(_ label: String, width: Int, _ items: [[Span]]) {
        self.init([Span(DisplayText.fit(label, width: width), .textDim)], items)
    }

    /// Returns the lines in `width` cells; at least one.
    func lines(width: Int) -> [[Span]] {
        self.broken(width: width).enumerated().map { index, line in self.leading(width, isFirst: index == 0) + line }
    }

    /// Returns paragraphs in at most `height` lines. A paragraph continues on further lines while lines are free; the rest is one line, which
    /// may be cut.
    static func fitted(_ paragraphs: [Paragraph], width: Int, height: Int) -> [[Span]] {
        let shown = paragraphs.prefix(max(0, height))
        var spare = height - shown.count
        var result: [[Span]] = []
        for paragraph in shown {
            let lines = paragraph.broken(width: width)
            let more = min(lines.count - 1, spare)
            spare -= more
            for index in 0...more {
                let isLast = index == more
                let line = isLast ? Array(lines[index...].joined(separator: [Span(" ")])) : lines[index]
                result.append(paragraph.leading(width, isFirst: index == 0) + line)
            }
        }
        return result
    }

    private func leading(_ width: Int, isFirst: Bool) -> [Span] {
        isFirst ? self.lead : [Span(String(repeating: " ", count: self.indent(width)))]
    }

    /// The indentation of the lines after the first.
    private func indent(_ width: Int) -> Int {
        min(Self.width(self.lead), max(0, width / 2))
    }

    /// Returns the lines without the label and the indentation.
    private func broken(width: Int) -> [[Span]] {
        let room = max(1, width - self.indent(width))
        var lines: [[Span]] = [[]]
        var used = 0
        func add(_ spans: [Span], _ length: Int, gap: Int) {
            if used > 0, used + gap + length > room {
                lines.append([])
                used = 0
            }
            if used > 0 { lines[lines.count - 1].append(Span(String(repeating: " ", count: gap))) }
            lines[lines.count - 1] += spans
            used += (used > 0 ? gap : 0) + length
        }
        for item in self.items {
            let spans = Array(item.map { [$0] }.joined(separator: [Span(" ")]))
            let length = Self.width(spans)
            guard length > room else {
                add(spans, length, gap: Self.gap)
                continue
            }
            var gap = Self.gap
            for span in item {
                for word in span.text.split(separator: " ") {
                    for piece in DisplayText.wrap(word, width: room) {
                        add([Span(piece, span.role)], DisplayText.width(of: piece), gap: gap)
                        gap = 1
                    }
                }
            }
        }
        return lines
    }

    private static func width(_ spans: [Span]) -> Int {
        spans.reduce(0) { $0 + DisplayText.width(of: $1.text) }
    }
}

extension Painter {
    /// Draws paragraphs from the top of `rect`.
    mutating func paragraphs(_ paragraphs: [Paragraph], in rect: Rect) {
        guard rect.width > 0, rect.height > 0 else { return }
        self.lines(Paragraph.fitted(paragraphs, width: rect.width, height: rect.height), in: rect)
    }
}

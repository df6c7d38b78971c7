extension Painter {
    /// Draws spans at the right of the top edge of the frame `rect`, if they fit beside `title`.
    ///
    /// A frame draws its trailing text in one role. A legend has a role for each sign.
    mutating func trailing(_ spans: [Span], on rect: Rect, beside title: String) {
        let width = spans.reduce(0) { $0 + DisplayText.width(of: $1.text) }
        guard width > 0, Self.hasRoom(for: spans, on: rect, beside: title) else { return }
        self.line([Span(" ", .border)] + spans + [Span(" ", .border)], x: rect.x + rect.width - 4 - width, y: rect.y, width: width + 2)
    }

    /// Returns whether spans fit beside `title` at the top edge of the frame `rect`.
    static func hasRoom(for spans: [Span], on rect: Rect, beside title: String) -> Bool {
        let width = spans.reduce(0) { $0 + DisplayText.width(of: $1.text) }
        // The room is as in a frame: corner, line and blank on both sides, and after the title and its mark a blank, a line and a blank.
        let room = rect.width - 6 - (title.isEmpty ? 0 : DisplayText.width(of: title) + 4)
        return width <= room && rect.height > 1
    }
}

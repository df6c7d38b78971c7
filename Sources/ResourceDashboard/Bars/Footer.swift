import ResourceContainer

/// The last two rows: the location with the last notice, and the keys of the view, which can be clicked.
package enum Footer {
    static func draw(_ state: DashboardState, _ painter: inout Painter, y: Int) {
        let width = painter.canvas.size.width
        let location = Self.location(state, painter.glyphs)
        let message = Self.message(state, painter.glyphs)
        let length = DisplayText.width(of: message.text)
        if length > width - 2 { return Self.drawLong(message, &painter, y: y) }
        // A notice is worth more than the location, and the location more than the marks.
        let hasLocation = message.text.isEmpty || DisplayText.width(of: location) + 4 + length <= width
        let spans = hasLocation ? [Span(" \(location)   ", .textDim), message] : [Span(" "), message]
        painter.line(spans, x: 0, y: y, width: width)
        let marks = Self.marks(state)
        let left = spans.reduce(2) { $0 + DisplayText.width(of: $1.text) }
        if left + marks.count + 1 <= width { painter.text(marks, x: width - marks.count - 1, y: y, width: marks.count, role: .textDim) }
        painter.drawKeys(Self.hints(state), y: y + 1)
    }

    /// The view, its focused pane if that has another name, and the position in the pane's list.
    private static func location(_ state: DashboardState, _ glyphs: GlyphSet) -> String {
        let (view, screen) = (state.view.title, state.screen)
        let pane = screen.focusTitle == view ? nil : screen.focusTitle
        let places = [pane, screen.list(at: screen.focusIndex).map(Self.position)].compactMap { $0 }
        return places.isEmpty ? view : "\(view) \(glyphs[.folded]) \(places.joined(separator: " "))"
    }

    /// The position of the selected row in words: `3 of 20`.
    package static func position(_ list: any ListStatus) -> String {
        let count = Format.count(list.count)
        if list.count == 0 { return "none" }
        guard let index = list.selectedIndex else { return "\(count) \(list.count == 1 ? "row" : "rows")" }
        return "\(Format.count(index + 1)) of \(count)"
    }

    /// The notice, or else the effect that has not finished.
    private static func message(_ state: DashboardState, _ glyphs: GlyphSet) -> Span {
        if let notice = state.notice {
            let mark = Mark(notice.level)
            return notice.level == .info ? Span(notice.text) : Span("\(glyphs[mark.glyph]) \(notice.text)", mark.role)
        }
        guard let words = state.pending.last.map({ Self.words($0, state.picture) }), !words.isEmpty else { return Span("") }
        return Span("\(glyphs[.pending]) \(words)", .stateInitializing)
    }

    /// Draws a long notice in both rows, because its end usually names the remedy.
    private static func drawLong(_ message: Span, _ painter: inout Painter, y: Int) {
        let width = painter.canvas.size.width - 2
        let lines = DisplayText.wrap(message.text, width: width)
        guard let first = lines.first else { return }
        painter.text(first, x: 1, y: y, width: width, role: message.role)
        painter.text(lines.dropFirst().joined(separator: " "), x: 1, y: y + 1, width: width, role: message.role)
    }

    /// The two newest marks with their times.
    private static func marks(_ state: DashboardState) -> String {
        let marks = state.marks.suffix(2).map { "\($0.letter) \(state.configuration.clock.time($0.time))" }
        return marks.isEmpty ? "" : "\(marks.count == 1 ? "mark" : "marks") \(marks.joined(separator: "  "))"
    }

    /// The commands that the footer shows, help and quit last.
    private static func hints(_ state: DashboardState) -> [KeyHint] {
        let list = state.list
        return state.keys.commands.compactMap { info in
            guard let word = info.hint, let key = info.keys.first, info.views?.contains(state.view) ?? true else { return nil }
            if info.acts, state.refusal(of: info) != nil { return nil }
            switch info.command {
            case .sort where !(list?.isSortable ?? false): return nil
            case .filter where list?.fields.isEmpty ?? true: return nil
            default: return KeyHint(info.command, key.name, word)
            }
        }
    }

    private static func words(_ effect: Effect, _ picture: Picture) -> String {
        switch effect {
        case .openScope(let parent, let name): "opening \(name ?? "a scope") in \(picture.scopeName(parent))"
        case .closeScope(let scope, _): "closing \(picture.scopeName(scope))"
        case .get(let binding, let scope): "getting \(picture.bindings[binding]?.binding.label ?? "?") in \(picture.scopeName(scope))"
        case .checkHealth(nil): "checking all resources"
        case .checkHealth(.some(let resource)): "checking \(picture.label(of: resource))"
        case .lease(let pool), .breakLease(let pool): "requesting \(picture.label(of: pool))"
        case .startScenario(let name): "starting \(name)"
        case .write(_, let path), .overwrite(_, let path): "writing \(path)"
        case .startRecording: "starting the recording"
        case .stopRecording: "ending the recording"
        case .saveRecent(let last, _): "saving the last \(Format.age(last))"
        case .release, .inject, .allowFinding, .setLoad, .step, .seek, .setSpeed, .showProcess, .reconnect, .copy, .mouse, .redraw,
            .suspend, .quit:
            ""
        }
    }
}

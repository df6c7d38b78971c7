import ResourceContainer
import ResourceMonitoring

/// The first row: the container, its health, the playback state and the cost of the dashboard.
enum StatusBar {
    static func draw(_ state: DashboardState, _ painter: inout Painter, y: Int) {
        let (picture, width) = (state.picture, painter.canvas.size.width)
        let glyphs = painter.glyphs
        let newest = state.newest
        let live: Span =
            if let recorded = state.recorded {
                Self.recorded(state, recorded, glyphs)
            } else if state.isPast {
                Span("\(glyphs[.left]) PAST -\(Format.age(newest.time - picture.time))", .healthDegraded)
            } else if state.isPaused {
                Span("\(glyphs[.paused]) PAUSED", .healthDegraded)
            } else {
                Span("\(glyphs[.playing]) LIVE \(state.configuration.framesPerSecond)Hz", .stateReady)
            }
        var spans = [
            Span(" resmon ", .title), Self.verdict(picture, glyphs), Span("\(picture.container) ", .text),
            Span("\(state.configuration.origin)  ", .textDim), live, Span("  up \(Format.age(picture.uptime))"), Self.depth(state),
            Span("  ev \(Format.rate(picture.totals.rates.tenSeconds.events))/s"),
            Span("  missed \(Format.count(Int(clamping: newest.missed)))", newest.missed > 0 ? .healthDegraded : .text),
        ]
        if let lost = state.recorded?.damagedLines, lost > 0 { spans.append(Span("  lost \(Format.count(lost)) lines", .healthDegraded)) }
        if state.recordingPath != nil { spans.append(Span("  \(glyphs[.full]) REC", .stateFailed)) }
        if state.load != 100 { spans.append(Span("  load \(state.load)%", .healthDegraded)) }
        if let cost = state.ownCost {
            spans.append(Span("  self \(Format.decimal(cost.processorShare * 100, digits: 1))% \(Format.duration(cost.frame))", .textDim))
        } else {
            spans.append(Span("  self \(glyphs[.dash])", .textDim))
        }
        if state.configuration.isReadonly { spans.append(Span("  read-only", .healthDegraded)) }
        spans.append(Span("  \(state.theme.name)", .textDim))
        let clock = " \(state.configuration.clock.time(picture.time)) "
        painter.line(spans, x: 0, y: y, width: max(0, width - clock.count - 1))
        painter.text(clock, x: width - clock.count, y: y, width: clock.count)
    }
}

extension StatusBar {
    /// The time that the timeline reaches back, shown once it no longer reaches back to the start.
    private static func depth(_ state: DashboardState) -> Span {
        let (depth, uptime) = (state.timeline.depth, state.newest.uptime)
        return depth > .zero && depth + .seconds(2) < uptime ? Span("  back \(Format.age(depth))", .textDim) : Span("")
    }

    /// The verdict of the health checks as a glyph.
    private static func verdict(_ picture: Picture, _ glyphs: GlyphSet) -> Span {
        let mark = picture.verdict ?? Mark(HealthStatus.unknown)
        return Span("\(glyphs[mark.glyph]) ", mark.role)
    }

    /// The position in a recording, and how it is played.
    private static func recorded(_ state: DashboardState, _ extent: RecordedExtent, _ glyphs: GlyphSet) -> Span {
        let (first, last) = (extent.span.lowerBound, extent.span.upperBound)
        if !state.isPaused, extent.mayGrow, state.picture.time >= last {
            return Span("\(glyphs[.playing]) FOLLOW \(Format.age(last - first))", .stateReady)
        }
        let position = "\(Format.age(state.picture.time - first)) of \(Format.age(extent.end - first))"
        let speed = state.speed == 1 ? "" : " \(DashboardState.words(state.speed))"
        return state.isPaused
            ? Span("\(glyphs[.paused]) PAUSED \(position)", .healthDegraded)
            : Span("\(glyphs[.playing]) REPLAY\(speed) \(position)", .stateReady)
    }
}

/// The second row: the tabs of the views, and the filter or the keys for help.
enum TabBar {
    static func draw(_ state: DashboardState, _ painter: inout Painter, y: Int) {
        let width = painter.canvas.size.width
        let columns = Self.tabColumns(state)
        for (view, column) in columns {
            let label = Self.label(view, state)
            painter.text(label, x: column, y: y, width: width - column, role: view == state.view ? .title : .textDim)
            painter.mark(.tab(view), isSelected: view == state.view, x: column, y: y, width: max(0, min(label.count, width - column)))
        }
        var left = (columns.last.map { $0.1 + Self.label($0.0, state).count } ?? 0) + 2
        if let field = state.filters[state.view], !field.field.text.isEmpty || state.isTypingFilter {
            left += painter.text("/", x: left, y: y, width: width - left, role: .title)
            let parts = field.field.parts
            let role: Role = field.fault == nil ? .text : .stateFailed
            left += painter.text(parts.before, x: left, y: y, width: width - left, role: role)
            if state.isTypingFilter { left += painter.text(painter.glyphs[.cursor], x: left, y: y, width: width - left, role: .title) }
            left += painter.text(parts.behind, x: left, y: y, width: width - left, role: role)
            if let fault = field.fault { painter.text(" \(fault)", x: left, y: y, width: width - left, role: .stateFailed) }
        } else if state.isTypingFilter {
            painter.line(
                [
                    Span("/", .title), Span(painter.glyphs[.cursor], .title),
                    Span(" type:Db* scope:req-* state:ready life>1s err>0 !word", .textDim),
                ],
                x: left,
                y: y,
                width: width - left
            )
        } else {
            painter.text("/filter  :command  ?help", x: left, y: y, width: width - left, role: .textDim)
        }
    }

    private static func label(_ view: DashboardView, _ state: DashboardState) -> String {
        let count = view == .findings ? state.picture.findings.count : 0
        return " \(view.number) \(view.title)\(count > 0 ? "(\(count))" : "") "
    }

    /// The visible tabs and their columns. While a filter is edited or shown in a narrow row, the other tabs are hidden.
    private static func tabColumns(_ state: DashboardState) -> [(DashboardView, Int)] {
        let hasFilter = state.isTypingFilter || !(state.filters[state.view]?.field.text.isEmpty ?? true)
        let views = hasFilter && state.size.width < 120 ? [state.view] : DashboardView.allCases
        var left = 0
        return views.map { view in
            defer { left += Self.label(view, state).count }
            return (view, left)
        }
    }
}

/// The last two rows: the location with the last notice, and the keys of the view.
enum Footer {
    static func draw(_ state: DashboardState, _ painter: inout Painter, y: Int) {
        let width = painter.canvas.size.width
        let pane = state.view.panes[state.focus[state.view] ?? 0]
        var spans = [Span(" \(state.view.title) \(painter.glyphs[.folded]) \(pane)", .textDim)]
        if case .mark(let sets) = state.overlay {
            let known = state.marks.map { "\($0.letter) \(state.configuration.clock.time($0.time))" }.joined(separator: "  ")
            let what = sets ? "mark this moment with a letter or a digit" : "go to a mark: \(known.isEmpty ? "none set" : known)"
            spans.append(Span("   \(what), Esc cancels", .title))
        } else if let notice = state.notice {
            let mark = Mark(notice.level)
            spans.append(
                Span(
                    "   \(notice.level == .info ? "" : painter.glyphs[mark.glyph] + " ")\(notice.text)",
                    notice.level == .info ? .title : mark.role
                )
            )
        } else if let pending = state.pending.last {
            spans.append(Span("   \(painter.glyphs[.pending]) \(Self.words(pending, state.picture))", .stateInitializing))
        }
        if let notice = state.notice, spans.reduce(0, { $0 + DisplayText.width(of: $1.text) }) > width {
            // A long notice gets both rows, because its end usually names the remedy.
            let role = notice.level == .info ? Role.title : Mark(notice.level).role
            for (index, line) in DisplayText.wrap(notice.text, width: width - 2).prefix(2).enumerated() {
                painter.text(line, x: 1, y: y + index, width: width - 2, role: role)
            }
            return
        }
        let marks = state.marks.suffix(2).map { "\($0.letter) \(state.configuration.clock.time($0.time))" }.joined(separator: "  ")
        let room = marks.isEmpty || width < 100 ? width : width - marks.count - 8
        painter.line(spans, x: 0, y: y, width: room)
        if room < width { painter.text("marks \(marks)", x: room + 1, y: y, width: width - room - 1, role: .textDim) }

        var (keys, wayOut): ([Span], [Span]) = ([Span(" ")], [])
        for info in state.keys.commands {
            guard let hint = info.hint, info.views?.contains(state.view) ?? true else { continue }
            if info.keys.isEmpty || (info.acts && (state.configuration.isReadonly || state.isPast)) { continue }
            let spans = [Span(info.keys.first?.name ?? info.label, .title), Span(" \(hint)  ", .textDim)]
            if info.command == .help || info.command == .quit { wayOut += spans } else { keys += spans }
        }
        // Help and quit are always visible.
        let reserved = wayOut.reduce(0) { $0 + DisplayText.width(of: $1.text) }
        let taken = min(max(0, width - reserved), keys.reduce(0) { $0 + DisplayText.width(of: $1.text) })
        painter.line(keys, x: 0, y: y + 1, width: taken)
        painter.line(wayOut, x: taken, y: y + 1, width: width - taken)
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
        case .release, .inject, .allowFinding, .setLoad, .step, .seek, .setSpeed, .copy, .mouse, .redraw, .suspend, .quit: ""
        }
    }
}

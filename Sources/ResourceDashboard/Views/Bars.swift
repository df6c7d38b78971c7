import ResourceContainer

/// The first row: what is watched, whether it is live, and what it costs.
enum StatusBar {
    static func draw(_ state: DashboardState, _ painter: inout Painter, y: Int) {
        let (picture, width) = (state.picture, painter.canvas.size.width)
        let glyphs = painter.glyphs
        let live =
            state.isPaused
            ? Span("\(glyphs[.paused]) PAUSED", .healthDegraded)
            : Span("\(glyphs[.playing]) LIVE \(state.configuration.framesPerSecond)Hz", .stateReady)
        var spans = [
            Span(" resmon ", .title), Span("\(glyphs[.full]) ", .title), Span("\(picture.container) ", .text),
            Span("\(state.configuration.origin)  ", .textDim), live, Span("  up \(Format.age(picture.uptime))"),
            Span("  ev \(Format.rate(picture.totals.rates.tenSeconds.events))/s"),
            Span("  missed \(Format.count(Int(clamping: picture.missed)))", picture.missed > 0 ? .healthDegraded : .text),
        ]
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

/// The second row: the views that there are, and where to find help.
enum TabBar {
    static func draw(_ state: DashboardState, _ painter: inout Painter, y: Int) {
        let width = painter.canvas.size.width
        let places = Self.places(state)
        for (view, place) in places {
            let label = Self.label(view, state)
            painter.text(label, x: place, y: y, width: width - place, role: view == state.view ? .title : .textDim)
            if view == state.view { painter.select(x: place, y: y, width: min(label.count, width - place)) }
        }
        var left = (places.last.map { $0.1 + Self.label($0.0, state).count } ?? 0) + 2
        if let field = state.filters[state.view], !field.field.text.isEmpty || state.isTypingFilter {
            left += painter.text("/", x: left, y: y, width: width - left, role: .title)
            left += painter.text(field.field.text, x: left, y: y, width: width - left, role: field.fault == nil ? .text : .stateFailed)
            if state.isTypingFilter { left += painter.text(painter.glyphs[.cursor], x: left, y: y, width: width - left, role: .title) }
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
            painter.text("/filter  ?help", x: left, y: y, width: width - left, role: .textDim)
        }
    }

    /// The view whose tab covers column `x`.
    static func view(at x: Int, in state: DashboardState) -> DashboardView? {
        Self.places(state).first { x >= $0.1 && x < $0.1 + Self.label($0.0, state).count }?.0
    }

    private static func label(_ view: DashboardView, _ state: DashboardState) -> String {
        let count = view == .findings ? state.picture.findings.count : 0
        return " \(view.number) \(view.title)\(count > 0 ? "(\(count))" : "") "
    }

    /// The tabs that are shown, and where. While a filter is written or shown and the row is short, the other tabs make room for it.
    private static func places(_ state: DashboardState) -> [(DashboardView, Int)] {
        let hasFilter = state.isTypingFilter || !(state.filters[state.view]?.field.text.isEmpty ?? true)
        let views = hasFilter && state.size.width < 120 ? [state.view] : DashboardView.allCases
        var left = 0
        return views.map { view in
            defer { left += Self.label(view, state).count }
            return (view, left)
        }
    }
}

/// The last two rows: where one stands and what the last key did; and the keys of the view.
enum Footer {
    static func draw(_ state: DashboardState, _ painter: inout Painter, y: Int) {
        let width = painter.canvas.size.width
        let pane = state.view.panes[state.focus[state.view] ?? 0]
        var spans = [Span(" \(state.view.title) \(painter.glyphs[.folded]) \(pane)", .textDim)]
        if let notice = state.notice {
            let mark = Mark(notice.level)
            spans.append(
                Span(
                    "   \(notice.level == .info ? "" : painter.glyphs[mark.glyph] + " ")\(notice.text)",
                    notice.level == .info ? .title : mark.role
                )
            )
        } else if let pending = state.pending.last {
            spans.append(Span("   \(painter.glyphs[.pending]) \(Self.words(pending, state.picture))", .stateInitialising))
        }
        painter.line(spans, x: 0, y: y, width: width)

        var keys: [Span] = [Span(" ")]
        for info in CommandInfo.all {
            guard let hint = info.hint, info.views?.contains(state.view) ?? true else { continue }
            if info.acts, state.configuration.isReadonly { continue }
            keys.append(Span(info.label.split(separator: " ").first.map(String.init) ?? info.label, .title))
            keys.append(Span(" \(hint)  ", .textDim))
        }
        painter.line(keys, x: 0, y: y + 1, width: width)
    }

    private static func words(_ effect: Effect, _ picture: Picture) -> String {
        switch effect {
        case .openScope(let parent, let name): "opening \(name ?? "a scope") in \(picture.scopeName(parent))"
        case .closeScope(let scope): "closing \(picture.scopeName(scope))"
        case .get(let binding, let scope): "getting \(picture.bindings[binding]?.binding.label ?? "?") in \(picture.scopeName(scope))"
        case .checkHealth(nil): "checking all resources"
        case .checkHealth(.some(let resource)): "checking \(picture.label(of: resource))"
        case .redraw, .suspend, .quit: ""
        }
    }
}

import ResourceContainer
import ResourceDashboard

/// The rows at the edges of the screen: the status, what is wrong, the notice, and the keys.
enum FleetBars {
    /// A part of the first row. The part with the highest priority number is the first that is omitted; one with 0 never is.
    private struct Part {
        var text: String
        var role: Role
        var extent: Extent

        init(_ text: String, _ role: Role = .text, priority: Int = 0, minimum: Int? = nil) {
            self.text = text
            self.role = role
            let length = DisplayText.width(of: text)
            self.extent = .content(length, minimum: minimum ?? length, priority: priority)
        }
    }

    // MARK: Status

    static func drawStatus(_ state: FleetState, _ painter: inout Painter) {
        let clock = " \(state.clock.time(state.now)) "
        let width = painter.canvas.size.width
        painter.text(clock, x: width - clock.count, y: 0, width: clock.count)
        let parts = Self.parts(state, painter.glyphs)
        let room = Rect(x: 0, y: 0, width: width - clock.count - 1, height: 1)
        for (part, place) in zip(parts, room.columns(parts.map(\.extent))) {
            guard let place else { continue }
            painter.text(part.text, x: place.x, y: 0, width: place.width, role: part.role)
        }
    }

    private static func parts(_ state: FleetState, _ glyphs: GlyphSet) -> [Part] {
        let count = state.table?.rows.count ?? 0
        var parts = [
            Part(" resmon fleet", priority: 8), Part(" \(state.configuration.source)", minimum: 10),
            Part("  \(Format.count(count)) \(count == 1 ? "process" : "processes")", priority: 3),
        ]
        if state.firing > 0 {
            parts.append(Part("  \(glyphs[.alarm]) \(Format.count(state.firing)) with alerts", .healthUnhealthy, priority: 2))
        }
        if state.isPaused {
            parts.append(Part("  \(glyphs[.paused]) PAUSED", .healthDegraded))
        } else {
            let interval = "every \(Format.decimal(state.configuration.refresh.inSeconds, digits: 0))s"
            let live = Part("  \(glyphs[.playing]) LIVE \(interval)", .stateReady, priority: 5)
            parts.append(state.isStale ? Part("  tried \(interval)", .textDim, priority: 5) : live)
        }
        if let age = state.age {
            parts.append(Part("  data \(Format.age(age)) old", state.isStale ? .healthDegraded : .textDim, priority: 1))
        }
        if let cost = state.cost {
            let table = cost.table.map { "table \(Format.duration($0))  " } ?? ""
            parts.append(Part("  \(table)frame \(Format.duration(cost.frame))", .textDim, priority: 10))
        }
        parts.append(Part("  \(state.theme.name)", .textDim, priority: 9))
        return parts
    }

    // MARK: Lines

    /// The lines below the table: why the figures are not current, what the server warns of, and what is missing. One line each, or two on a narrow screen.
    static func lines(_ state: FleetState) -> [Span] {
        var lines: [Span] = []
        func add(_ glyph: Glyph, _ text: String, _ role: Role) {
            // The end of a long line usually names the remedy.
            lines += DisplayText.wrap("\(state.glyphs[glyph]) \(text)", width: state.size.width - 2).prefix(2).map { Span($0, role) }
        }
        if let fault = state.fault {
            let since = state.table == nil ? "" : " since \(state.clock.time(fault.since))"
            add(.failure, "no table\(since): \(fault.text)", .stateFailed)
        }
        guard let table = state.table else { return lines }
        if let problem = table.problems.first { add(.failure, problem + Self.more(table.problems), .stateFailed) }
        if let warning = table.warnings.first { add(.warning, "the server warns: \(warning)\(Self.more(table.warnings))", .healthDegraded) }
        if table.lacksRules {
            add(
                .warning,
                "the server has no recording rules, so the columns of pools are empty: resmon fleet --print rules",
                .healthDegraded
            )
        }
        return state.size.height < 16 ? Array(lines.prefix(1)) : lines
    }

    private static func more(_ texts: [String]) -> String {
        texts.count > 1 ? " (and \(texts.count - 1) more)" : ""
    }

    // MARK: Footer

    static func drawFooter(_ state: FleetState, _ painter: inout Painter) {
        let (width, y) = (painter.canvas.size.width, painter.canvas.size.height - 2)
        let place = " Fleet \(painter.glyphs[.folded]) \(Footer.position(state.list))   "
        var spans = [Span(place, .textDim)]
        if let notice = state.notice {
            let text = notice.isFault ? "\(painter.glyphs[.warning]) \(notice.text)" : notice.text
            let message = Span(text, notice.isFault ? .healthDegraded : .text)
            // A notice is worth more than the place.
            spans = DisplayText.width(of: place) + DisplayText.width(of: text) <= width ? [spans[0], message] : [Span(" "), message]
        }
        painter.line(spans, x: 0, y: y, width: width - 1)
        painter.drawKeys(Self.hints(state), y: y + 1)
    }

    private static func hints(_ state: FleetState) -> [KeyHint] {
        FleetState.commands.compactMap { entry in
            guard let word = entry.hint, let key = state.keys.info(entry.command)?.keys.first else { return nil }
            return KeyHint(entry.command, key.name, word)
        }
    }
}

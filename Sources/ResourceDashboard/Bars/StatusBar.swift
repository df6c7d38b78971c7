import ResourceContainer
import ResourceMonitoring

/// The first row: the container, its health or the connection to its process, the playback state and the cost of the dashboard. On narrow
/// screens it shows the parts that matter most.
enum StatusBar {
    /// A part of the row. The part with the highest number is the first that is omitted; one with 0 never is.
    private struct Part {
        var span: Span
        var extent: Extent

        init(_ text: String, _ role: Role = .text, priority: Int = 0, minimum: Int? = nil) {
            self.span = Span(text, role)
            let length = DisplayText.width(of: text)
            self.extent = .content(length, minimum: minimum ?? length, priority: priority)
        }
    }

    /// The width from which words are spelled out.
    private static let wide = 140

    static func draw(_ state: DashboardState, _ painter: inout Painter, y: Int) {
        let width = painter.canvas.size.width
        let clock = " \(state.configuration.clock.time(state.picture.time)) "
        painter.text(clock, x: width - clock.count, y: y, width: clock.count)
        let parts = Self.parts(state, painter.glyphs, width)
        let room = Rect(x: 0, y: y, width: width - clock.count - 1, height: 1)
        for (part, place) in zip(parts, room.columns(parts.map(\.extent))) {
            guard let place else { continue }
            painter.text(part.span.text, x: place.x, y: y, width: place.width, role: part.span.role)
        }
    }

    private static func parts(_ state: DashboardState, _ glyphs: GlyphSet, _ width: Int) -> [Part] {
        let (picture, missed) = (state.picture, state.newest.missed)
        var parts = state.connection.map { Self.attached(state, $0, glyphs, width) } ?? Self.inProcess(state, glyphs, width)
        parts += [
            Part("  up \(Format.age(picture.uptime))", priority: 5), Self.depth(state), Self.reach(state, width),
            Part("  \(width >= Self.wide ? "events" : "ev") \(Format.rate(picture.totals.rates.tenSeconds.events))/s", priority: 7),
            Part("  missed \(Format.count(Int(clamping: missed)))", missed > 0 ? .healthDegraded : .textDim, priority: missed > 0 ? 1 : 9),
        ]
        if let lost = state.recorded?.damagedLines, lost > 0 {
            parts.append(Part("  lost \(Format.count(lost)) \(lost == 1 ? "line" : "lines")", .healthDegraded, priority: 2))
        }
        if state.recordingPath != nil { parts.append(Part("  \(glyphs[.full]) REC", .stateFailed, priority: 1)) }
        if state.load != 100 { parts.append(Part("  load \(state.load)%", .healthDegraded, priority: 4)) }
        let cost = state.ownCost.map { "\(Format.decimal($0.processorShare * 100, digits: 1))% \(Format.duration($0.frame))" }
        parts.append(Part("  self \(cost ?? glyphs[.dash])", .textDim, priority: 10))
        if state.isReadonly, !state.isAttached { parts.append(Part("  read-only", .healthDegraded, priority: 3)) }
        parts.append(Part("  \(state.theme.name)", .textDim, priority: 11))
        return parts
    }

    /// The container, its health and the playback state.
    private static func inProcess(_ state: DashboardState, _ glyphs: GlyphSet, _ width: Int) -> [Part] {
        let verdict = state.picture.verdict ?? Mark(HealthStatus.unknown)
        return [
            Part(" resmon "), Part(glyphs[verdict.glyph], verdict.role), Self.name(state.picture.container, width),
            Part(" \(state.configuration.origin)", .textDim, priority: 8), Self.playback(state, glyphs),
        ]
    }

    /// The connection to an attached process, the process, and the playback state, as long as the picture is current.
    private static func attached(_ state: DashboardState, _ connection: ConnectionStatus, _ glyphs: GlyphSet, _ width: Int) -> [Part] {
        let mark = Mark(connection, state.configuration.clock)
        var parts = [
            Part(" resmon ", priority: 12), Part(" \(glyphs[mark.glyph])", mark.role),
            Self.name(state.process?.words ?? state.picture.container, width),
        ]
        if state.isReadonly { parts.append(Part(" look-only", .textDim, priority: 3)) }
        if connection.isLive || state.isPast || state.isPaused { parts.append(Self.playback(state, glyphs)) }
        if !connection.isLive { parts.append(Part("  \(mark.word)", mark.role, minimum: min(12, DisplayText.width(of: mark.word) + 2))) }
        // The glyph of an attached process is that of its connection, so that its health has a word.
        if let verdict = state.picture.verdict, state.picture.health?.verdict != .healthy {
            parts.append(Part("  \(glyphs[verdict.glyph]) \(verdict.word)", verdict.role, priority: 4))
        }
        return parts
    }

    /// The name of the container or of the process. A long one is cut. All other parts are short, or can be omitted.
    private static func name(_ name: String, _ width: Int) -> Part {
        Part(" \(name)", minimum: max(8, width / 5))
    }

    /// How far back the source's flight recorder reaches.
    private static func reach(_ state: DashboardState, _ width: Int) -> Part {
        Part(state.reach.map { "  \(width >= Self.wide ? "flight recorder" : "flight") \(Format.age($0))" } ?? "", .textDim, priority: 6)
    }

    /// The time that the timeline reaches back, shown once it no longer reaches back to the start.
    private static func depth(_ state: DashboardState) -> Part {
        let (depth, uptime) = (state.timeline.depth, state.newest.uptime)
        let isCut = depth > .zero && depth + .seconds(2) < uptime
        return Part(isCut ? "  back \(Format.age(depth))" : "", .textDim, priority: 6)
    }

    /// Whether the newest picture, a past one or a recording is shown.
    private static func playback(_ state: DashboardState, _ glyphs: GlyphSet) -> Part {
        if let recorded = state.recorded { return Self.recorded(state, recorded, glyphs) }
        if state.isPast { return Part("  \(glyphs[.left]) PAST -\(Format.age(state.newest.time - state.picture.time))", .healthDegraded) }
        if state.isPaused { return Part("  \(glyphs[.paused]) PAUSED", .healthDegraded) }
        // The rate of drawing is no figure of an attached process. Its lag is.
        let rate = state.connection == nil ? " \(state.configuration.framesPerSecond)Hz" : Self.lag(state.connection)
        return Part("  \(glyphs[.playing]) LIVE\(rate)", .stateReady)
    }

    private static func lag(_ connection: ConnectionStatus?) -> String {
        guard case .live(let lag?)? = connection else { return "" }
        return " lag \(Format.duration(lag))"
    }

    /// The position in a recording, and how it is played.
    private static func recorded(_ state: DashboardState, _ extent: RecordedExtent, _ glyphs: GlyphSet) -> Part {
        let (first, last) = (extent.span.lowerBound, extent.span.upperBound)
        if !state.isPaused, extent.mayGrow, state.picture.time >= last {
            return Part("  \(glyphs[.playing]) FOLLOW \(Format.age(last - first))", .stateReady)
        }
        let position = "\(Format.age(state.picture.time - first)) of \(Format.age(extent.end - first))"
        let speed = state.speed == 1 ? "" : " \(DashboardState.words(state.speed))"
        return state.isPaused
            ? Part("  \(glyphs[.paused]) PAUSED \(position)", .healthDegraded)
            : Part("  \(glyphs[.playing]) REPLAY\(speed) \(position)", .stateReady)
    }
}

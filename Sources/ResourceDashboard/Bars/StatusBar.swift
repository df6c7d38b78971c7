import ResourceContainer
import ResourceMonitoring

/// The first row: the container, its health, the playback state and the cost of the dashboard. On narrow screens it shows the parts that
/// matter most.
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
        let verdict = picture.verdict ?? Mark(HealthStatus.unknown)
        var parts = [
            Part(" resmon "), Part(glyphs[verdict.glyph], verdict.role),
            // A long name is cut. All other parts are short, or can be omitted.
            Part(" \(picture.container)", minimum: max(8, width / 5)), Part(" \(state.configuration.origin)", .textDim, priority: 8),
            Self.playback(state, glyphs),
            Part("  up \(Format.age(picture.uptime))", priority: 5), Self.depth(state),
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
        if state.configuration.isReadonly { parts.append(Part("  read-only", .healthDegraded, priority: 3)) }
        parts.append(Part("  \(state.theme.name)", .textDim, priority: 11))
        return parts
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
        return Part("  \(glyphs[.playing]) LIVE \(state.configuration.framesPerSecond)Hz", .stateReady)
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

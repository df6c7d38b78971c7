import ResourceContainer
import ResourceMonitoring

/// The row of the time that can be shown: the position in it, errors, findings and marks. A click or a drag goes to a moment.
enum TimeBar {
    static func draw(_ state: DashboardState, _ painter: inout Painter, y: Int) {
        guard let times = state.shownTimes else { return }
        let width = painter.canvas.size.width
        let (left, right) = Self.labels(state, times, isWide: width >= 100)
        painter.text(left, x: 0, y: y, width: left.count, role: .textDim)
        painter.text(right, x: width - right.count, y: y, width: right.count, role: .textDim)
        let bar = Rect(x: left.count, y: y, width: width - left.count - right.count, height: 1)
        guard bar.width > 1 else { return }
        painter.canvas.drawLine(x: bar.x, y: y, width: bar.width, style: painter.theme.style(.border))
        for tick in TimeTicks(state, times, width: bar.width, painter.glyphs).ticks {
            painter.text(tick.sign.text, x: bar.x + tick.column, y: y, width: 1, role: tick.sign.role)
        }
        // A click on the label of an end goes to that end.
        painter.targets.add(Rect(x: 0, y: y, width: width, height: 1), .timeBar(x: bar.x, width: bar.width))
    }

    /// The ends of the bar. On wide screens, with their times of day.
    private static func labels(_ state: DashboardState, _ times: ClosedRange<TimeSource.Instant>, isWide: Bool) -> (String, String) {
        let clock = state.configuration.clock
        let length = Format.age(times.upperBound - times.lowerBound)
        let present = state.connection?.isLive ?? true ? "now" : "last"
        let (first, last) = state.recorded == nil ? ("-\(length)", present) : ("0:00", length)
        guard isWide else { return (" \(first) ", " \(last) ") }
        return (" \(clock.time(times.lowerBound))  \(first) ", " \(last)  \(clock.time(times.upperBound)) ")
    }
}

/// The signs on the time bar, one for a column: the position, else a mark, else an error, else the most severe finding that began there,
/// else a gap without data.
struct TimeTicks {
    private let times: ClosedRange<TimeSource.Instant>
    private let width: Int
    private var signs: [Int: Span] = [:]

    /// Finds the signs of a bar that is `width` columns wide. O(findings and marks, columns with errors).
    init(_ state: DashboardState, _ times: ClosedRange<TimeSource.Instant>, width: Int, _ glyphs: GlyphSet) {
        self.times = times
        self.width = max(1, width)
        let newest = state.newest
        for gap in state.gaps { self.add(Span(glyphs[.free], .healthDegraded), from: gap.from, to: gap.to) }
        for finding in newest.findings.reversed() {
            self.add(Span(glyphs[finding.severity.glyph], finding.severity.role), at: finding.since)
        }
        self.addErrors(state, newest.events, Span(glyphs[.failure], .stateFailed))
        for mark in state.marks { self.add(Span("\(mark.letter)"), at: mark.time) }
        self.add(Span(glyphs[.scroll], .title), at: state.picture.time)
    }

    /// The signs with their columns, from the left to the right.
    var ticks: [(column: Int, sign: Span)] {
        self.signs.sorted { $0.key < $1.key }.map { (column: $0.key, sign: $0.value) }
    }

    private mutating func add(_ sign: Span, at instant: TimeSource.Instant) {
        if self.times.contains(instant) { self.signs[self.column(of: instant)] = sign }
    }

    /// Adds a sign to each column of a span of time.
    private mutating func add(_ sign: Span, from: TimeSource.Instant, to: TimeSource.Instant) {
        let (first, last) = (max(from, self.times.lowerBound), min(to, self.times.upperBound))
        guard first <= last else { return }
        for column in self.column(of: first)...self.column(of: last) { self.signs[column] = sign }
    }

    private func column(of instant: TimeSource.Instant) -> Int {
        let length = self.times.upperBound - self.times.lowerBound
        guard length > .zero else { return 0 }
        let share = (instant - self.times.lowerBound) / length
        return Int((min(max(0, share), 1) * Double(self.width - 1)).rounded())
    }

    /// Returns the first instant of the column after the one of an instant.
    private func end(ofColumn column: Int) -> TimeSource.Instant {
        self.times.instant(at: (Double(column) + 0.5) / Double(max(1, self.width - 1)))
    }

    /// Adds a sign to each column with an error. After one is found, the lines of its column are skipped.
    private mutating func addErrors(_ state: DashboardState, _ events: EventArchive, _ sign: Span) {
        let timeline = state.recorded == nil && !state.timeline.moments.isEmpty ? state.timeline : nil
        var next = events.startIndex
        while next < events.endIndex, let error = events.error(from: next) {
            let time = events[error].time
            self.add(sign, at: time)
            let end = self.end(ofColumn: self.column(of: time))
            // The moments of a timeline are found without unpacking lines.
            let skipped = timeline.map { $0.lineEnd(of: $0.moment(at: end)) } ?? events.partitioningIndex { $0.time >= end }
            next = max(error + 1, skipped)
        }
    }
}

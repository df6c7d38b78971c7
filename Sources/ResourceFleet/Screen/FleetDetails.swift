import ResourceContainer
import ResourceDashboard

/// The panes of the selected process: its alerts with the commands that open the right screen, and its active instances over time.
struct FleetDetails {
    private let row: FleetRow
    private let shape: [Double?]
    private let lines: [[Span]]

    /// The smallest number of lines.
    private static let least = 4
    /// The smallest height with the frame.
    static let leastHeight = Self.least + 2
    /// The width from which there is room for the chart.
    private static let leastForChart = 100

    /// Creates the details of the selected process in at most `height` rows; nil if there is none, or too few rows.
    init?(_ state: FleetState, height: Int) {
        guard height >= Self.leastHeight, let row = state.selected else { return nil }
        self.row = row
        self.shape = state.shapes[row.id]
        self.lines = Self.lines(row, state.glyphs, limit: height - 2)
    }

    /// The height with the frame.
    var height: Int {
        max(Self.least, self.lines.count) + 2
    }

    /// The lines of a process, at most `limit`. An alert is shown with all its lines, and the last line counts those without room.
    private static func lines(_ row: FleetRow, _ glyphs: GlyphSet, limit: Int) -> [[Span]] {
        var lines = [[Span("job ", .textDim), Span(row.id.job), Span("   instance ", .textDim), Span(row.id.instance)]]
        for (index, alert) in row.alerts.enumerated() {
            let (next, left) = (Self.lines(alert, glyphs), row.alerts.count - index)
            let isLast = left == 1
            guard lines.count + next.count + (isLast ? 0 : 1) <= limit else {
                lines.append([Span("\(glyphs[.alarm]) and \(left) more: a taller screen has room for them", .healthDegraded)])
                break
            }
            lines += next
        }
        if row.alerts.isEmpty {
            let count = row.figures[.alerts] ?? 0
            lines.append([count > 0 ? Span("\(FleetFigure.text(count, .count)) firing") : Span("no alert fires", .textDim)])
        }
        return lines
    }

    private static func lines(_ alert: FiringAlert, _ glyphs: GlyphSet) -> [[Span]] {
        var words = [Span("\(glyphs[.alarm]) \(alert.name)", alert.severity == "critical" ? .healthUnhealthy : .healthDegraded)]
        if !alert.subject.isEmpty { words.append(Span(" \(alert.subject)")) }
        if !alert.severity.isEmpty { words.append(Span(" \(alert.severity)", .textDim)) }
        var lines = [words]
        if !alert.summary.isEmpty { lines.append([Span("  \(alert.summary)")]) }
        if !alert.attach.isEmpty { lines.append([Span("  \(alert.attach)", .title)]) }
        return lines
    }

    func draw(_ painter: inout Painter, _ rect: Rect) {
        let hasChart = rect.width >= Self.leastForChart && self.shape.contains { $0 != nil }
        let parts = rect.columns([.flexible(40, weight: 3), hasChart ? .flexible(30, weight: 2) : .fixed(0)])
        if let place = parts[0] {
            let inside = painter.pane(place, self.row.id.words).padded()
            painter.lines(self.lines, in: inside)
        }
        guard hasChart, let place = parts[1] else { return }
        let top = self.shape.reduce(0) { max($0, $1 ?? 0) }
        let inside = painter.pane(place, "Active", trailing: "10 min  max \(FleetFigure.text(top, .count))").padded()
        let samples = max(1, inside.width * painter.glyphs.samplesPerCell)
        painter.canvas.drawArea(Self.stretched(self.shape, to: samples), in: inside, style: painter.theme.style(.chart0))
    }

    /// Returns the figures repeated, so that they fill about `count` samples.
    private static func stretched(_ shape: [Double?], to count: Int) -> [Double?] {
        (0..<count).map { shape[$0 * shape.count / count] }
    }
}

import ResourceContainer
import ResourceMonitoring

/// The lifetimes of the type as bars, with the resource among them.
extension ResourceDetail {
    /// A row of the chart.
    struct LifetimeRow: Hashable, Sendable {
        var title: String
        var duration: Duration
        /// Whether it is the lifetime of the resource itself.
        var isOwn = false
    }

    /// The title of the pane, and the number of instances that it is about.
    var lifetimesTitle: (title: String, trailing: String) {
        let count = self.binding?.lifetimes.count ?? 0
        return ("Lifetimes of \(self.picture.typeLabel(self.row))", count == 0 ? "none ended" : "of \(Format.count(count)) ended")
    }

    /// The lifetimes in ascending order, with that of the resource at its place. Without an ended instance, there is only the latter.
    var lifetimeRows: [LifetimeRow] {
        let own = LifetimeRow(title: "this one", duration: self.picture.life(of: self.row), isOwn: true)
        guard let known = self.binding?.lifetimes, known.count > 0 else { return [own] }
        var rows = [
            LifetimeRow(title: "median", duration: known.median), LifetimeRow(title: "average", duration: known.average),
            LifetimeRow(title: "p95", duration: known.p95), LifetimeRow(title: "p99", duration: known.p99),
            LifetimeRow(title: "longest", duration: known.maximum),
        ].sorted { $0.duration < $1.duration }
        rows.insert(own, at: rows.firstIndex { $0.duration > own.duration } ?? rows.count)
        return rows
    }

    func drawLifetimes(_ painter: inout Painter, in rect: Rect) {
        let rows = self.lifetimeRows
        let greatest = rows.last?.duration ?? .zero
        let (label, value) = (9, 10)
        let width = rect.width - label - value
        for (index, row) in rows.prefix(rect.height).enumerated() {
            let y = rect.y + index
            painter.text(row.title, x: rect.x, y: y, width: min(label - 1, rect.width), role: row.isOwn ? .chart1 : .textDim)
            // Without other lifetimes there is nothing to compare a bar with.
            if rows.count > 1, width > 3 {
                painter.canvas.drawBar(
                    Double(row.duration.wholeNanoseconds),
                    of: Double(greatest.wholeNanoseconds),
                    x: rect.x + label,
                    y: y,
                    width: width,
                    style: painter.theme.style(row.isOwn ? .chart1 : .chart0)
                )
            }
            let text = "\(Format.duration(row.duration)) \(row.isOwn ? painter.glyphs[.pointer] : " ")"
            painter.text(
                text,
                x: rect.x + max(label, rect.width - value),
                y: y,
                width: min(value, rect.width - label),
                role: row.isOwn ? .chart1 : .text,
                alignment: .right
            )
        }
    }
}

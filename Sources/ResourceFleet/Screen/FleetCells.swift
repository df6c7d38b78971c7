import ResourceContainer
import ResourceDashboard

/// The table of the processes: its columns, and the cells of a row.
enum FleetCells {
    /// The title of the column with the sparkline.
    static let shapeTitle = "SHAPE"
    /// The width of the sparkline.
    private static let shapeWidth = 20
    /// The largest width of a name of the server, in cells.
    private static let widestName = 80

    static let columns: [TableColumn] =
        [
            TableColumn("NAME", "the container", .content(minimum: 8), sort: FleetSort.container.index),
            TableColumn(
                "INSTANCE",
                "the host with the number of the process, or the scraped address",
                .content(minimum: 8),
                sort: FleetSort.instance.index
            ),
            TableColumn(
                "JOB",
                "the job of the scrape configuration",
                .content(minimum: 4),
                priority: 12,
                appearsFrom: 140,
                sort: FleetSort.job.index
            ),
        ]
        + FleetColumn.allCases.map { column in
            TableColumn(
                column.title,
                column.meaning,
                alignment: column.unit == .status ? .left : .right,
                priority: Self.priority(column),
                sort: FleetSort.column(column).index
            )
        }
        + [
            TableColumn(
                Self.shapeTitle,
                "active instances over the last ten minutes",
                .fixed(Self.shapeWidth),
                priority: 11,
                appearsFrom: 120
            )
        ]

    /// The order in which columns are omitted: the signs of trouble stay longest.
    private static func priority(_ column: FleetColumn) -> Int {
        switch column {
        case .health, .alerts: 0
        case .pool: 1
        case .waiting: 2
        case .findings: 3
        case .active: 4
        case .p99: 5
        case .errors: 6
        case .leaks: 7
        case .up: 8
        case .scopes: 9
        case .created: 10
        }
    }

    static func cells(_ row: FleetRow, shape: [Double?], _ glyphs: GlyphSet) -> [TableCell] {
        let names: [TableCell] = [
            row.id.container.isEmpty ? .text(glyphs[.dash], .textDim) : .label(Self.name(row.id.container, glyphs)),
            .text(Self.name(row.id.instance, glyphs)), .text(Self.name(row.id.job, glyphs), .textDim),
        ]
        return names + FleetColumn.allCases.map { Self.cell($0, row, glyphs) } + [Self.sparkline(shape)]
    }

    /// A name in at most ``widestName`` cells. The longest name of a column is its width in text, in all rows.
    private static func name(_ name: String, _ glyphs: GlyphSet) -> String {
        DisplayText.clip(name, width: Self.widestName, ellipsis: glyphs[.ellipsis]).text
    }

    private static func cell(_ column: FleetColumn, _ row: FleetRow, _ glyphs: GlyphSet) -> TableCell {
        if column == .health {
            guard let health = row.health else { return .text(glyphs[.dash], .textDim) }
            return .span(Mark(health).span(glyphs))
        }
        guard let value = row.figures[column] else { return .text(glyphs[.dash], .textDim) }
        if column == .up { return .text(FleetFigure.age(value)) }
        let text = FleetFigure.text(value, column.unit)
        guard value != 0 else { return .text(text, .textDim) }
        switch column {
        case .alerts: return .text("\(glyphs[.alarm]) \(text)", .healthUnhealthy)
        case .pool:
            let load = Load(used: value, limit: 1, waiting: row.figures[.waiting] ?? 0)
            return .text(load == .normal ? text : "\(text) \(glyphs[.alarm])", load.role(normal: .text))
        case .waiting, .leaks, .errors: return .text(text, .healthDegraded)
        case .up, .scopes, .active, .created, .p99, .findings, .health: return .text(text)
        }
    }

    private static func sparkline(_ shape: [Double?]) -> TableCell {
        .drawing(width: Self.shapeWidth, text: { shape.last.flatMap(\.self).map { FleetFigure.text($0, .count) } ?? "" }) { painter, rect in
            let style = painter.theme.style(.chart0)
            painter.canvas.drawSparkline(Self.widest(shape, rect.width), x: rect.x, y: rect.y, width: rect.width, style: style)
        }
    }

    /// Returns at most `width` figures: the largest of each group of neighbors.
    static func widest(_ shape: [Double?], _ width: Int) -> [Double?] {
        guard width > 0, shape.count > width else { return shape }
        return (0..<width).map { cell in
            shape[cell * shape.count / width..<(cell + 1) * shape.count / width].compactMap(\.self).max()
        }
    }
}

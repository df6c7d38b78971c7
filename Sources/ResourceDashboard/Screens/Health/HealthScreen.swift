import ResourceContainer
import ResourceMonitoring

/// The health of every resource, its recent results, its changes, and the overall verdict.
struct HealthScreen: Screen {
    enum Pane: String, ScreenPane {
        case health = "Health"
        case changes = "Changes"
        case verdict = "Verdict"

        var title: String { self.rawValue }
    }

    static let view = DashboardView.health
    var focus = Pane.health
    /// The resources with their health, by identity.
    private(set) var rows = ListState<Row, HealthColumn>(sortedBy: .status, fields: [.type, .name, .scope, .health, .id])

    /// A row of the table.
    struct Row: Identifiable, Sendable {
        var health: HealthRow
        var id: ResourceID { self.health.resource }
    }

    mutating func refresh(_ context: ScreenContext) {
        let picture = context.picture
        self.rows.show(
            (picture.health?.rows ?? []).map { Row(health: $0) },
            holdsOrder: context.holdsOrder,
            passes: { $1.passes($0.health, picture) },
            key: { row, column in
                switch column {
                case .status: SortKey(Double(row.health.standing.rank))
                case .resource: SortKey(row.health.label)
                case .scope: SortKey(picture.scopeName(row.health.scope))
                case .since: SortKey(Double(row.health.since.nanoseconds))
                case .latency: SortKey(Double(row.health.history.last?.latency.wholeNanoseconds ?? -1))
                }
            }
        )
    }

    func list(in pane: Pane) -> (any ListStatus)? {
        pane == .health ? self.rows : nil
    }

    mutating func perform(_ action: ListAction, in pane: Pane) {
        if pane == .health { self.rows.perform(action) }
    }

    mutating func reset() {
        self.rows.reset()
    }

    // MARK: Selection

    func subject(_ context: ScreenContext) -> Subject {
        let resource = self.rows.selectedID
        return Subject(scope: resource.flatMap { context.picture.resources[$0]?.resource.scope }, resource: resource)
    }

    mutating func open(_ context: ScreenContext) -> Destination {
        self.rows.selectedID.map { .resource($0) } ?? .nowhere("select a row first")
    }

    func text(_ context: ScreenContext) -> String? {
        self.rows.selectedID.flatMap { context.resourceText($0) }
    }

    func describe(_ model: inout ViewModel, _ context: ScreenContext) {
        model.health = context.picture.health
    }

    // MARK: Drawing

    func layout(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        guard !context.isSmall, rect.height >= 16 else { return [(.health, rect)] }
        let lower = max(6, min(max(11, rect.height * 2 / 5), rect.height - 3 - self.rows.count))
        guard let table = rect.rows([.flexible(5), .fixed(lower)])[0] else { return [(.health, rect)] }
        let below = Rect(x: rect.x, y: rect.y + table.height, width: rect.width, height: rect.height - table.height)
        let left = below.width * 3 / 5
        return [
            (.health, table), (.changes, Rect(x: below.x, y: below.y, width: left, height: below.height)),
            (.verdict, Rect(x: below.x + left, y: below.y, width: below.width - left, height: below.height)),
        ]
    }

    func draw(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        switch pane {
        case .health:
            let counts = context.picture.health?.counts.words(painter.glyphs) ?? ""
            let inside = self.frame(pane, "Health \(self.rows.total)", trailing: counts, &painter, rect)
            self.drawTable(pane, context, &painter, inside)
        case .changes: self.drawChanges(context, &painter, rect)
        case .verdict: self.drawVerdict(context, &painter, rect)
        }
    }

    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? {
        guard pane == .health else { return nil }
        let keys = context.keys
        let hint = context.isReadonly ? "" : ": \(keys.key(.checkHealth)) checks a resource, \(keys.key(.checkAllHealth)) all"
        let empty = context.picture.health == nil ? "no health checks run\(hint)" : "nothing to show"
        return Table(Self.columns(glyphs), count: self.rows.count, empty: empty) { index in
            Self.cells(self.rows.rows[index].health, context, glyphs)
        }
    }

    private static func columns(_ glyphs: GlyphSet) -> [TableColumn] {
        [
            TableColumn("RESOURCE", "the resource", .content(minimum: 10), sort: HealthColumn.resource.rawValue),
            TableColumn("STATUS", "the status of its last check", sort: HealthColumn.status.rawValue),
            TableColumn("SINCE", "the time since the status changed", alignment: .right, sort: HealthColumn.since.rawValue),
            TableColumn("SCOPE", "the scope that owns the resource", .content(minimum: 6), priority: 6, sort: HealthColumn.scope.rawValue),
            TableColumn("PROBE", "the kind of check", priority: 5),
            TableColumn("TOOK", "the duration of the last check", alignment: .right, sort: HealthColumn.latency.rawValue),
            TableColumn("p95", "the duration that 95 of 100 checks do not exceed", alignment: .right, priority: 4),
            TableColumn("EVERY", "the interval between checks", alignment: .right, priority: 3),
            TableColumn("NEXT", "the time until the next check", alignment: .right, priority: 2),
            TableColumn("GOOD", "the share of recent checks with the result healthy", alignment: .right, priority: 1),
            TableColumn(
                "OLD \(glyphs[.right]) NEW",
                "the recent results, the newest at the right",
                .flexible(minimum: 8)
            ),
        ]
    }

    private static func cells(_ row: HealthRow, _ context: ScreenContext, _ glyphs: GlyphSet) -> [TableCell] {
        let (time, dash) = (context.picture.time, glyphs[.dash])
        let last = row.history.last
        let isTelling = last.map { $0.status != .unknown } ?? false
        let isGood = row.goodShare.map { $0 >= 1 } ?? true
        return [
            .label(row.label + (row.affectedBy.isEmpty ? "" : " \(glyphs[.warning])")), .span(Mark(row.standing).span(glyphs)),
            .text(row.status == .unknown && !row.isStale ? dash : Format.age(max(.zero, time - row.since)), .textDim),
            .text(context.picture.scopeName(row.scope), .textDim), .text(last?.probe ?? dash, .textDim),
            .text(row.isLate ? glyphs[.ellipsis] : isTelling ? last.map { Format.duration($0.latency) } ?? dash : dash),
            .text(isTelling ? row.p95Latency.map(Format.duration) ?? dash : dash, .textDim),
            .text(row.hasProbe ? Format.age(row.interval) : dash, .textDim),
            .text(row.nextCheck.map { Format.age(max(.zero, $0 - time)) } ?? dash, .textDim),
            .text(row.goodShare.map { "\(Format.decimal($0 * 100, digits: 0))%" } ?? dash, isGood ? .text : .healthDegraded),
            .drawing(width: row.history.count, text: { row.history.map(\.status.rawValue).joined(separator: " ") }) { painter, rect in
                let shown = row.history.suffix(rect.width)
                painter.line(
                    shown.map { Span(painter.glyphs[Mark($0.status).glyph], Mark($0.status).role) },
                    x: rect.x,
                    y: rect.y,
                    width: shown.count
                )
            },
        ]
    }

    private func drawChanges(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let picture = context.picture
        let row = self.rows.selected?.health
        let inside = self.frame(.changes, row.map { "\($0.label) changes" } ?? "Changes", trailing: "newest first", &painter, rect).padded()
        guard let row else { return }
        var lines: [[Span]] = []
        if !row.affectedBy.isEmpty {
            let causes = row.affectedBy.map { picture.label(of: $0) }.joined(separator: ", ")
            lines += painter.wrapped("affected: depends on \(causes), which is unhealthy", .healthDegraded, width: inside.width)
        }
        if let key = row.fallbackFor { lines.append([Span("fallback for \(key)", .healthDegraded)]) }
        for change in row.transitions.reversed() {
            lines.append([
                Span("\(context.clock.time(change.time))  ", .textDim), Span(change.from.rawValue, Mark(change.from).role),
                Span(" \(painter.glyphs[.right]) ", .textDim), Mark(change.to).span(painter.glyphs),
            ])
            lines += DisplayText.wrap(change.reason, width: max(1, inside.width - 10)).map { [Span("          " + $0, .textDim)] }
        }
        if row.isStale, let since = row.history.last?.time {
            lines.append([Span("no result for \(Format.age(max(.zero, picture.time - since)))", .healthUnknown)])
        }
        if let message = row.history.last?.message {
            lines += painter.wrapped("last result: \(message)", .text, width: inside.width)
        }
        if lines.isEmpty { lines.append([Span(Self.nothing(row, context), .textDim)]) }
        painter.lines(lines, in: inside)
    }

    /// Returns the text for a resource without changes.
    private static func nothing(_ row: HealthRow, _ context: ScreenContext) -> String {
        switch row.standing {
        case .noProbe: "it has no health check"
        case .notAsked: context.isReadonly ? "not checked yet" : "not checked yet: \(context.keys.key(.checkHealth)) checks now"
        default: "no changes"
        }
    }

    private func drawVerdict(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let inside = self.frame(.verdict, "Overall", trailing: "worst critical resource", &painter, rect).padded()
        guard let health = context.picture.health else { return }
        var lines: [[Span]] = [
            [
                Mark(health.verdict).span(painter.glyphs),
                Span("  for \(Format.age(max(.zero, context.picture.time - health.since)))", .textDim),
            ]
        ]
        if health.isStale { lines[0].append(Span("  results are overdue", .healthUnknown)) }
        if let words = health.checkerText(isReadonly: context.isReadonly) {
            lines += painter.wrapped(words, .textDim, width: inside.width)
        }
        for cause in health.causes.prefix(4) { lines += painter.wrapped("· \(cause)", .text, width: inside.width) }
        if health.causes.count > 4 { lines.append([Span("  \(health.causes.count - 4) more", .textDim)]) }
        for change in health.transitions.suffix(4).reversed() {
            lines.append([
                Span("\(context.clock.time(change.time)) ", .textDim), Span(change.to.rawValue, Mark(change.to).role),
            ])
            lines += DisplayText.wrap(change.reason, width: max(1, inside.width - 9)).map { [Span("         " + $0, .textDim)] }
        }
        painter.lines(lines, in: inside)
    }
}

extension Filter {
    /// Whether the health of a resource passes.
    func passes(_ row: HealthRow, _ picture: Picture) -> Bool {
        self.passes(text: "\(row.label) \(picture.scopeName(row.scope)) \(row.standing.rawValue)") { field in
            switch field {
            case .type, .name: .texts([row.label])
            case .scope: .texts([picture.scopeName(row.scope)])
            case .health: .texts([row.standing.rawValue, row.status.rawValue])
            case .id: .texts(["\(row.resource.rawValue)", "\(row.resource)"])
            case .state, .life, .err, .tag, .uses, .level, .what, .outcome: nil
            }
        }
    }
}

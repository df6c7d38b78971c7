import ResourceContainer
import ResourceMonitoring

/// A tile of the strip at the top: one figure that matters, and details about it. The raw value is its title.
enum OverviewTile: String, CaseIterable, Identifiable, Sendable {
    case active = "ACTIVE"
    case errors = "ERRORS"
    case findings = "FINDINGS"
    case health = "HEALTH"
    case waiting = "WAITING"

    var id: Self { self }

    /// Returns where the tile leads. That of the errors leads to the newest one.
    func destination(_ picture: Picture) -> Destination {
        switch self {
        case .active: .view(.resources)
        case .errors: picture.events.errors.last.map { .event(picture.events[$0]) } ?? .view(.events)
        case .findings: .view(.findings)
        case .health: .view(.health)
        case .waiting: .view(.pools)
        }
    }

    /// Returns the tile as a line of text.
    func text(_ context: ScreenContext) -> String {
        let parts = [self.figures(context, .braille).first ?? [], self.details(context, .braille).first ?? []]
        return ([self.rawValue] + parts.map { $0.map(\.text).joined() }).filter { !$0.isEmpty }.joined(separator: "  ")
    }

    // MARK: Figures

    /// Returns the forms of the figure, from the longest to the shortest.
    func figures(_ context: ScreenContext, _ glyphs: GlyphSet) -> [[Span]] {
        let picture = context.picture
        switch self {
        case .active: return Self.count(picture.totals.books.active, .text)
        case .errors:
            let isRising = picture.totals.rates.sixtySeconds.errors > 0
            return Self.count(picture.totals.books.errors, isRising ? .stateFailed : .healthDegraded)
        case .findings:
            let worst = picture.findings.map(\.severity).max()
            return Self.count(picture.findings.count, worst?.role ?? .textDim)
        case .health:
            guard let verdict = picture.verdict else { return [[Span("not checked", .textDim)]] }
            return [[verdict.span(glyphs)], [Span(glyphs[verdict.glyph], verdict.role)]]
        case .waiting: return Self.count(Self.waiting(picture), Self.isStarved(picture) ? .stateFailed : .healthDegraded)
        }
    }

    /// Returns a count, which is dim if it is zero.
    private static func count(_ count: Int, _ role: Role) -> [[Span]] {
        let shown: Role = count == 0 ? .textDim : role
        return [[Span(Format.count(count), shown)], [Span(Format.brief(count), shown)]]
    }

    private static func waiting(_ picture: Picture) -> Int {
        picture.pools.reduce(0) { $0.addingSaturated($1.waiting) }
    }

    private static func isStarved(_ picture: Picture) -> Bool {
        picture.pools.contains { Load($0) == .exhausted }
    }

    // MARK: Details

    /// Returns the forms of the details, from the longest to the shortest.
    func details(_ context: ScreenContext, _ glyphs: GlyphSet) -> [[Span]] {
        let picture = context.picture
        switch self {
        case .active:
            let course = ActiveCourse(context)
            return [
                [Span("\(context.span.label)  min \(Format.brief(course.low))  max \(Format.brief(course.high))", .textDim)],
                [Span("max \(Format.brief(course.high))", .textDim)],
            ]
        case .errors:
            let perMinute = picture.totals.rates.sixtySeconds.errors * 60
            let role: Role = perMinute > 0 ? .stateFailed : .textDim
            let rate = "+\(perMinute < 1_000 ? Format.decimal(perMinute, digits: 0) : Format.rate(perMinute))"
            let threw = picture.totals.outcomes.threw
            let bodies =
                threw == 0
                ? []
                : [
                    [
                        Span("\(rate) per minute", role),
                        Span("  \(Format.count(threw)) \(threw == 1 ? "scope" : "scopes") threw", .healthDegraded),
                    ],
                    [Span("\(rate)/min", role), Span("  \(Format.brief(threw)) threw", .healthDegraded)],
                ]
            return bodies + [[Span("\(rate) per minute", role)], [Span("\(rate)/min", role)]]
        case .findings: return Self.levels(picture, glyphs)
        case .health: return Self.standings(picture, glyphs)
        case .waiting:
            let (pools, starved) = (picture.pools.count, picture.pools.count { $0.waiting > 0 })
            guard starved > 0 else { return [[Span(pools == 1 ? "of 1 pool" : "of \(pools) pools", .textDim)]] }
            let short = starved == 1 ? "1 pool" : "\(starved) pools"
            return [[Span("in \(starved) of \(pools) \(pools == 1 ? "pool" : "pools")", .text)], [Span("in \(short)")], [Span(short)]]
        }
    }

    /// Returns the number of findings of each severity: in words, as signs, and as signs without zeros.
    private static func levels(_ picture: Picture, _ glyphs: GlyphSet) -> [[Span]] {
        let counts = Finding.Severity.allCases.reversed().map { severity in
            (severity: severity, count: picture.findings.count { $0.severity == severity })
        }
        func spans(_ counts: [(severity: Finding.Severity, count: Int)], _ text: (Finding.Severity, Int) -> String, gap: String) -> [Span] {
            Array(
                counts.map { [Span(text($0.severity, $0.count), $0.count > 0 ? $0.severity.role : .textDim)] }
                    .joined(separator: [Span(gap)])
            )
        }
        func sign(_ severity: Finding.Severity, _ count: Int) -> String { "\(glyphs[severity.glyph])\(Format.brief(count))" }
        let words = spans(counts, { "\(glyphs[$0.glyph]) \(Format.count($1)) \($0)" }, gap: "  ")
        return [
            words, spans(counts, sign, gap: "  "), spans(counts, sign, gap: " "), spans(counts.filter { $0.count > 0 }, sign, gap: " "),
        ]
    }

    /// Returns the number of resources of each health status in words, and shorter forms with those in trouble only.
    private static func standings(_ picture: Picture, _ glyphs: GlyphSet) -> [[Span]] {
        let counts = picture.healthCounts
        guard picture.health != nil else { return [[Span("\(Format.count(counts.notAsked)) not asked", .textDim)]] }
        let known = HealthStanding.allCases.filter { counts[$0] > 0 }
        let words = Array(
            known.map { [Span("\(glyphs[Mark($0).glyph]) \(Format.count(counts[$0])) \($0.rawValue)", Mark($0).role)] }
                .joined(separator: [Span("  ")])
        )
        let total = HealthStanding.allCases.reduce(0) { $0.addingSaturated(counts[$1]) }
        let bad = [HealthStanding.unhealthy, .error, .degraded].filter { counts[$0] > 0 }
        guard !bad.isEmpty else { return [words, [Span("\(Format.count(counts.healthy)) of \(Format.count(total)) healthy", .textDim)]] }
        let signs = Array(
            bad.map { [Span("\(glyphs[Mark($0).glyph]) \(Format.count(counts[$0]))", Mark($0).role)] }.joined(separator: [Span("  ")])
        )
        return [words, signs + [Span(" of \(Format.count(total))", .textDim)], signs]
    }
}

extension OverviewScreen {
    /// Draws the tiles side by side, or as a table where the strip is narrow or has the whole body.
    func drawTiles(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        guard rect.width >= 60, (3...5).contains(rect.height), self.tiles.count > 0 else {
            let inside = self.frame(.tiles, Pane.tiles.title, &painter, rect)
            return self.drawRows(of: .tiles, context, &painter, inside)
        }
        let pane = self.index(of: .tiles)
        painter.targets.add(rect, .pane(pane))
        for (index, place) in rect.columns(self.tiles.rows.map { _ in .flexible(0) }).enumerated() {
            guard let place else { continue }
            painter.targets.add(place, .jump(pane: pane, index: index))
            let isSelected = self.focus == .tiles && index == self.tiles.selectedIndex
            self.draw(self.tiles.rows[index], isSelected: isSelected, context, &painter, place)
        }
    }

    private func draw(_ tile: OverviewTile, isSelected: Bool, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let frame = painter.pane(rect, tile.rawValue, isFocused: isSelected)
        let inside = frame.padded()
        guard inside.height > 0, inside.width > 0 else { return }
        let glyphs = painter.glyphs
        let figure = Self.fitting(tile.figures(context, glyphs), width: inside.width)
        let details = tile.details(context, glyphs)
        if inside.height > 1 {
            painter.lines([figure, Self.fitting(details, width: inside.width)], in: inside)
        } else if tile == .active {
            painter.lines([figure], in: inside)
        } else {
            painter.lines([Self.fitting(details.map { figure + [Span("  ")] + $0 } + [figure], width: inside.width)], in: inside)
        }
        if tile == .active {
            let used = Self.width(figure) + 1
            let chart = Rect(x: inside.x + used, y: inside.y, width: inside.width - used, height: 1)
            ActiveCourse(context).drawSparkline(&painter, in: chart)
        }
        if isSelected {
            for y in frame.rows { painter.select(x: frame.x, y: y, width: frame.width) }
        }
    }

    /// Returns the first of several forms that fits in `width` cells, or else the last.
    private static func fitting(_ forms: [[Span]], width: Int) -> [Span] {
        forms.first { Self.width($0) <= width } ?? forms.last ?? []
    }

    private static func width(_ spans: [Span]) -> Int {
        spans.reduce(0) { $0 + DisplayText.width(of: $1.text) }
    }

    func tileTable(_ context: ScreenContext, _ glyphs: GlyphSet) -> Table {
        let columns = [
            TableColumn("TILE", "what the tile counts"), TableColumn("FIGURE", "the figure"),
            TableColumn("DETAILS", "more about the figure", .flexible(minimum: 8)),
        ]
        return Table(columns, count: self.tiles.count, empty: "there is no tile") { index in
            let tile = self.tiles.rows[index]
            return [
                .text(tile.rawValue, .textDim), .spans(tile.figures(context, glyphs).first ?? []),
                .spans(tile.details(context, glyphs).first ?? []),
            ]
        }
    }
}

extension Filter {
    /// Whether a tile passes.
    func passes(tile: OverviewTile) -> Bool {
        self.passes(text: tile.rawValue) { $0 == .name ? .texts([tile.rawValue]) : nil }
    }
}

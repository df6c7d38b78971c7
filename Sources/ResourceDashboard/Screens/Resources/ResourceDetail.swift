import ResourceContainer
import ResourceMonitoring

/// One resource in full: its facts, its life on a time axis, its lifetime beside those of its type, its history and its last error.
struct ResourceDetail {
    let row: ResourceRow
    /// The event lines about the resource, newest first.
    let events: [EventLine]
    let context: ScreenContext

    var picture: Picture { self.context.picture }
    var id: ResourceID { self.row.resource.id }
    var binding: BindingRow? { self.picture.bindings[self.row.resource.binding] }

    /// The owner, if it is open or closed within the retention time.
    var scope: ScopeRow? {
        self.picture.scopes[self.row.resource.scope] ?? self.picture.closedScopes[self.row.resource.scope]
    }

    // MARK: Layout

    /// Returns the places of the panes. At the sides of a wide screen are the facts and the history.
    func layout(_ rect: Rect) -> [(pane: ResourcesScreen.Pane, rect: Rect)] {
        guard rect.height >= 16 else { return [(.facts, rect)] }
        let isWide = self.context.isWide
        let left = isWide ? rect.width * 62 / 100 : rect.width
        let facts = self.facts(.braille, disposal: "").reduce(2) { $0 + $1.lines(width: left - 4).count }
        // A tall screen has room for two rows for each line of the life.
        let life = Extent.content(rect.height >= 48 ? 15 : 10, minimum: 9, priority: 1)
        if isWide {
            // The lifetimes of the type need eight lines.
            let rows = rect.rows([.content(max(8, facts), minimum: 7), life, .flexible(5, priority: 2)])
            return Self.pair(.facts, .lifetimes, rows[0], left) + Self.whole(.life, rows[1]) + Self.pair(.history, .error, rows[2], left)
        }
        let error = self.lastError().reduce(2) { $0 + $1.lines(width: left - 4).count }
        let isClean = self.row.errors == 0 && self.finding == nil
        let rows = rect.rows([
            .content(max(9, facts), minimum: 7), life, .content(error, minimum: min(4, error), priority: isClean ? 5 : 2),
            .content(8, minimum: 8, priority: 4), .flexible(5, priority: 3),
        ])
        return Self.whole(.facts, rows[0]) + Self.whole(.life, rows[1]) + Self.whole(.error, rows[2]) + Self.whole(.lifetimes, rows[3])
            + Self.whole(.history, rows[4])
    }

    private static func whole(_ pane: ResourcesScreen.Pane, _ rect: Rect?) -> [(pane: ResourcesScreen.Pane, rect: Rect)] {
        guard let rect else { return [] }
        return [(pane, rect)]
    }

    private static func pair(
        _ first: ResourcesScreen.Pane,
        _ second: ResourcesScreen.Pane,
        _ rect: Rect?,
        _ width: Int
    ) -> [(pane: ResourcesScreen.Pane, rect: Rect)] {
        guard let rect else { return [] }
        return [
            (first, Rect(x: rect.x, y: rect.y, width: width, height: rect.height)),
            (second, Rect(x: rect.x + width, y: rect.y, width: rect.width - width, height: rect.height)),
        ]
    }

    // MARK: Facts

    /// The title and the state of the resource.
    func title(_ glyphs: GlyphSet) -> (title: String, trailing: String) {
        (self.picture.label(of: self.id, binding: self.row.resource.binding), Mark(self.row).span(glyphs).text)
    }

    /// Returns the facts. `disposal` is the position in the order of disposal.
    func facts(_ glyphs: GlyphSet, disposal: String) -> [Paragraph] {
        let needs = self.picture.labels(of: self.row.resource.dependencies, glyphs)
        let neededBy = self.picture.labels(of: self.picture.dependents[self.id] ?? [], glyphs)
        var facts = [
            self.fact("scope", self.scopeItems), self.fact("bound", self.bindingItems(glyphs)),
            self.fact("created", self.lifeItems(glyphs)), self.fact("uses", self.useItems(glyphs)),
        ]
        if self.row.resource.state.isActive { facts.append(self.fact("disposal", [[Span(disposal)]])) }
        facts.append(self.fact("needs", [[Span(needs)]]))
        facts.append(self.fact("needed by", [[Span(neededBy)]]))
        return facts
    }

    private func fact(_ label: String, _ items: [[Span]]) -> Paragraph {
        Paragraph(label, width: 10, items)
    }

    private var scopeItems: [[Span]] {
        let scope = self.row.resource.scope
        guard self.picture.scopes[scope] != nil else { return [[Span(self.picture.scopeName(scope))], [Span("closed", .textDim)]] }
        return [[Span(self.picture.path(of: scope))]]
    }

    private func bindingItems(_ glyphs: GlyphSet) -> [[Span]] {
        let tags = Self.tags(self.binding)
        var items = [[Span(self.binding.map { "\($0.binding.location)" } ?? glyphs[.dash])]]
        if !tags.isEmpty { items.append([Span("tags", .textDim), Span(tags)]) }
        return items
    }

    private func useItems(_ glyphs: GlyphSet) -> [[Span]] {
        let (uses, errors, idle) = (self.row.resource.uses, self.row.errors, self.picture.idle(of: self.row))
        return [
            [Span(Format.count(uses), uses == 0 ? .textDim : .text)],
            [Span("idle", .textDim), Span(idle.map { Format.age($0) } ?? glyphs[.dash])],
            [Span("errors", .textDim), Span(Format.count(errors), errors == 0 ? .textDim : .healthDegraded)],
            [Span("health", .textDim), self.picture.healthSpan(of: self.id, glyphs)],
        ]
    }

    private func lifeItems(_ glyphs: GlyphSet) -> [[Span]] {
        [
            [Span(self.context.clock.preciseTime(self.row.resource.createdAt))],
            [Span("init", .textDim), Span(self.row.initializeTook.map(Format.duration) ?? glyphs[.dash])],
            [Span("lived", .textDim), Span(Format.duration(self.picture.life(of: self.row)))],
        ] + self.endItems()
    }

    /// Returns the end of the life and the duration of the dispose.
    private func endItems() -> [[Span]] {
        guard let over = self.row.endedAt else { return [] }
        var items = [[Span("ended", .textDim), Span(self.context.clock.preciseTime(over))]]
        for line in self.events {
            switch line.event?.kind {
            case .disposed(let took, _): items.append([Span("dispose took", .textDim), Span(Format.duration(took))])
            case .disposeThrew(_, let took, _): items.append([Span("dispose threw after", .stateFailed), Span(Format.duration(took))])
            case .abandoned: items.append([Span("abandoned", .stateFailed), Span(self.context.clock.preciseTime(line.time))])
            default: continue
            }
            return items
        }
        return items
    }

    static func tags(_ binding: BindingRow?) -> String {
        (binding?.binding.tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// Returns the position in the order in which the scope disposes its resources. In a scope with thousands of resources it is not
    /// determined, because that takes longer than a frame.
    func disposal(_ glyphs: GlyphSet) -> String {
        let (scope, limit) = (self.row.resource.scope, 2_000)
        guard self.picture.scopes[scope] != nil else { return glyphs[.dash] }
        guard TeardownPreview.count(inside: scope, self.picture, limit: limit) < limit else {
            return "among more than \(Format.count(limit - 1)) in \(self.picture.scopeName(scope))"
        }
        let steps = TeardownPreview(scope, self.picture).steps
        guard let index = steps.firstIndex(where: { $0.resource == self.id }) else { return glyphs[.dash] }
        return "\(index + 1) of \(steps.count) in \(self.picture.scopeName(scope))"
    }

    // MARK: History and errors

    var historyTitle: String {
        self.events.count == 1 ? "1 event" : "\(Format.count(self.events.count)) events, newest first"
    }

    func history(_ glyphs: GlyphSet, limit: Int) -> [Paragraph] {
        guard !self.events.isEmpty else { return [Paragraph([], [[Span("its events are no longer kept", .textDim)]])] }
        return self.events.prefix(max(0, limit)).map { line in
            Paragraph(
                [
                    Span("\(self.context.clock.preciseTime(line.time)) ", .textDim),
                    Span("\(glyphs[line.glyph]) \(line.what) ", line.role),
                ],
                [[Span(line.message)]]
            )
        }
    }

    /// The most severe active finding about the resource.
    var finding: Finding? {
        self.picture.findings.first { finding in finding.subjects.contains { $0.resource == self.id } }
    }

    /// Returns the last error and the finding about the resource.
    func lastError() -> [Paragraph] {
        var lines: [Paragraph] = []
        let error = self.events.first { $0.level == .error }
        if let text = error.map({ "\($0.what): \($0.message)" }) ?? self.row.lastError {
            lines.append(Paragraph([], [[Span(text, .stateFailed)]]))
        }
        if let error {
            lines.append(Paragraph([], [[Span("at \(self.context.clock.preciseTime(error.time)) in \(error.scope)", .textDim)]]))
        }
        if let finding = self.finding {
            let words = "finding \(finding.kind.rawValue): \(self.context.keys.key(.explain)) explains"
            lines.append(Paragraph([], [[Span(words, finding.severity.role)]]))
        }
        return lines.isEmpty ? [Paragraph([], [[Span("no errors", .textDim)]])] : lines
    }
}

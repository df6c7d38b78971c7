import ResourceContainer
import ResourceMonitoring

/// The most important facts of the selected resource, below a table or a tree of resources.
enum PeekPane {
    /// Returns the title of the pane for a resource, or for none.
    static func title(_ id: ResourceID?, _ context: ScreenContext) -> String {
        let row = id.flatMap { context.picture.row(of: $0) }
        return row.map { "Peek \(context.picture.label(of: $0.resource.id, binding: $0.resource.binding))" } ?? "Peek"
    }

    /// Draws the facts of a resource, or the reason why there are none.
    static func draw(_ id: ResourceID?, _ context: ScreenContext, _ painter: inout Painter, in rect: Rect) {
        if let row = id.flatMap({ context.picture.row(of: $0) }) {
            return painter.paragraphs(self.paragraphs(row, context, painter.glyphs), in: rect)
        }
        let reason = id == nil ? "no resource is selected" : "the selected resource ended more than a minute ago"
        painter.text(reason, x: rect.x, y: rect.y, width: rect.width, role: .textDim)
    }

    /// Returns the facts, most important first.
    private static func paragraphs(_ row: ResourceRow, _ context: ScreenContext, _ glyphs: GlyphSet) -> [Paragraph] {
        let picture = context.picture
        func fact(_ label: String, _ items: [[Span]]) -> Paragraph { Paragraph(label, width: 7, items) }
        var facts = [
            fact("scope", Self.origin(row, picture, glyphs)), fact("life", Self.life(row, context, glyphs)),
            fact("health", Self.health(row, context, glyphs)),
        ]
        if let error = row.lastError { facts.append(fact("error", [[Span(error, .stateFailed)]])) }
        let neededBy = picture.labels(of: picture.dependents[row.resource.id] ?? [], glyphs)
        let needs = [[Span(picture.labels(of: row.resource.dependencies, glyphs))], [Span("needed by", .textDim), Span(neededBy)]]
        facts.append(fact("needs", needs))
        facts.append(fact("type", Self.type(picture.bindings[row.resource.binding])))
        return facts
    }

    private static func origin(_ row: ResourceRow, _ picture: Picture, _ glyphs: GlyphSet) -> [[Span]] {
        let (scope, uses, binding) = (row.resource.scope, row.resource.uses, picture.bindings[row.resource.binding])
        let isOpen = picture.scopes[scope] != nil
        let tags = ResourceDetail.tags(binding)
        var items = [
            [Span(isOpen ? picture.path(of: scope) : "\(picture.scopeName(scope)), closed")],
            [Span("bound", .textDim), Span(binding.map { "\($0.binding.location)" } ?? glyphs[.dash])],
            [Span("uses", .textDim), Span(Format.count(uses), uses == 0 ? .textDim : .text)],
        ]
        if !tags.isEmpty { items.append([Span("tags", .textDim), Span(tags)]) }
        return items
    }

    private static func life(_ row: ResourceRow, _ context: ScreenContext, _ glyphs: GlyphSet) -> [[Span]] {
        let clock = context.clock
        var items = [[Mark(row).span(glyphs)], [Span("created", .textDim), Span(clock.preciseTime(row.resource.createdAt))]]
        if row.resource.readyAt != nil, let took = row.initializeTook {
            items.append([Span("ready after", .textDim), Span(Format.duration(took))])
        }
        if let over = row.endedAt { items.append([Span("ended", .textDim), Span(clock.preciseTime(over))]) }
        items.append([Span("lived", .textDim), Span(Format.duration(context.picture.life(of: row)))])
        return items
    }

    private static func health(_ row: ResourceRow, _ context: ScreenContext, _ glyphs: GlyphSet) -> [[Span]] {
        let (picture, id) = (context.picture, row.resource.id)
        var items = [[picture.healthSpan(of: id, glyphs)]]
        if picture.standing(of: id) == .notAsked, !context.isReadonly {
            items.append([Span("\(context.keys.key(.checkHealth)) checks now", .textDim)])
        }
        if let result = picture.healthRow(of: id)?.history.last { items.append([Span(result.words)]) }
        return items
    }

    /// Returns the durations of the instances of the type, as far as there are any.
    private static func type(_ binding: BindingRow?) -> [[Span]] {
        func item(_ label: String, _ value: Duration) -> [Span] { [Span(label, .textDim), Span(Format.duration(value))] }
        guard let binding, binding.lifetimes.count > 0 else { return [[Span("no instance ended", .textDim)]] }
        var items = [
            item("lifetime p50", binding.lifetimes.median), item("p95", binding.lifetimes.p95), item("longest", binding.lifetimes.maximum),
            [Span("of \(Format.count(binding.lifetimes.count)) ended", .textDim)],
        ]
        if binding.initialize.count > 0 { items.append(item("init p50", binding.initialize.median)) }
        if binding.dispose.count > 0 { items.append(item("dispose p50", binding.dispose.median)) }
        return items
    }
}

import ResourceContainer
import ResourceMonitoring

/// The table of the scope tree: its columns, and the cells of a row.
struct ScopeTable {
    /// The deepest indentation, which leaves room for names in a deep tree.
    private static let deepest = 12

    private let picture: Picture
    private let glyphs: GlyphSet
    private let troubles: ScopeTroubles
    /// Whether the last column is there. To describe the source locations of all rows costs more than half of their other cells.
    private let hasLocations: Bool

    init(_ context: ScreenContext, _ glyphs: GlyphSet) {
        self.picture = context.picture
        self.glyphs = glyphs
        self.troubles = ScopeTroubles(context.picture)
        // With panes beside it, the table of a narrower screen has no room for them.
        self.hasLocations = context.isZoomed || context.size.width >= 170
    }

    var columns: [TableColumn] {
        self.hasLocations ? Self.facts + [Self.location] : Self.facts
    }

    private static let facts: [TableColumn] = [
        TableColumn(
            "SCOPE / resource",
            "the scope, or a resource that it owns; a sign marks the subject of a finding",
            .flexible(minimum: 20)
        ),
        TableColumn("STATE", "the state"),
        TableColumn("HEALTH", "the health of the resource, or the time since the scope closed", priority: 1),
        TableColumn("AGE", "the time since the scope was opened or the resource became ready", alignment: .right, priority: 4),
        TableColumn("RESOURCES", "active resources of the scope / resources that it created", alignment: .right, priority: 3),
        TableColumn("ERRORS", "the number of errors", alignment: .right, priority: 2),
        TableColumn(
            "OUTCOME",
            "how the body of the closed scope ended, and the type of the error that it threw",
            priority: 5,
            appearsFrom: 100
        ),
        TableColumn("TAG", "the tag of the scope", priority: 7, appearsFrom: 100),
    ]

    private static let location = TableColumn(
        "OPENED AT / bound at",
        "the source location that opened the scope or created the binding",
        .content(minimum: 20),
        priority: 6,
        appearsFrom: 110
    )

    /// Returns the cells of a row, one for each column.
    func cells(_ row: TreeRow) -> [TableCell] {
        switch row.id {
        case .scope(let id): self.picture.scopeRow(of: id).map { self.cells(row, $0) } ?? self.blank
        case .resource(let id): self.picture.resources[id].map { self.cells(row, $0) } ?? self.blank
        }
    }

    private var blank: [TableCell] {
        self.columns.map { _ in .text("") }
    }

    private func cells(_ row: TreeRow, _ scope: ScopeRow) -> [TableCell] {
        let books = scope.scope.books
        let sign: Glyph = row.isClosed ? .times : (row.isUnfolded.map { $0 ? .unfolded : .folded } ?? .none)
        return [
            self.name(row, sign, scope.scope.name),
            .span(Mark(scope).span(self.glyphs)),
            .text(scope.closedAt.map { "closed \(Format.age(self.picture.time - $0)) ago" } ?? "", .textDim),
            .text(
                Format.age((scope.closedAt ?? self.picture.time) - scope.scope.openedAt),
                scope.closedAt == nil ? .text : .textDim
            ),
            .spans([Span("\(books.active)", books.active > 0 ? .text : .textDim), Span("/\(books.created)", .textDim)]),
            Self.errors(books.errors),
            Self.outcome(scope.outcome),
            .text(scope.scope.tag ?? "", .textDim),
        ] + self.location(scope.scope.location)
    }

    private func cells(_ row: TreeRow, _ resource: ResourceRow) -> [TableCell] {
        let id = resource.resource.id
        return [
            self.name(row, .none, self.picture.label(of: id)),
            .span(Mark(resource).span(self.glyphs)),
            .span(self.picture.healthSpan(of: id, self.glyphs)),
            .text(Format.age(self.picture.life(of: resource))),
            .text(""),
            Self.errors(resource.errors),
            .text(""),
            .text(""),
        ] + self.location(self.hasLocations ? self.picture.bindings[resource.resource.binding]?.binding.location : nil)
    }

    private func name(_ row: TreeRow, _ sign: Glyph, _ name: String) -> TableCell {
        let indent = String(repeating: "  ", count: min(row.depth, Self.deepest))
        let trouble = self.troubles.severity(of: row)
        let role: Role = row.isClosed || row.isContext ? .textDim : .text
        return .spans([
            Span("\(indent)\(self.glyphs[sign]) ", .textDim), Span(label: name, role),
            Span(trouble.map { " \(self.glyphs[$0.glyph])" } ?? "", trouble?.role ?? .text),
        ])
    }

    private func location(_ location: CodeLocation?) -> [TableCell] {
        self.hasLocations ? [.location({ location.map { "\($0)" } ?? "" }, .textDim)] : []
    }

    private static func outcome(_ outcome: ScopeOutcome?) -> TableCell {
        switch outcome {
        case nil: .text("")
        case .returned, .canceled: .text(outcome?.kind.rawValue ?? "", .textDim)
        case .threw(let type, _): .text("threw \(type)", .stateFailed)
        }
    }

    private static func errors(_ count: Int) -> TableCell {
        .text(Format.count(count), count > 0 ? .healthDegraded : .textDim)
    }
}

/// The worst active finding about each scope and resource.
private struct ScopeTroubles {
    private var own: [TreeRowID: Finding.Severity] = [:]
    /// The worst finding about a scope or anything in it.
    private var inside: [ScopeID: Finding.Severity] = [:]

    init(_ picture: Picture) {
        for finding in picture.findings {
            for subject in finding.subjects {
                let resource = subject.resource.flatMap { picture.resources[$0]?.resource }
                guard let scope = resource?.scope ?? subject.scope else { continue }
                let row = resource.map { TreeRowID.resource($0.id) } ?? TreeRowID.scope(scope)
                self.own[row, default: finding.severity].raise(to: finding.severity)
                var above: ScopeID? = scope
                while let next = above {
                    self.inside[next, default: finding.severity].raise(to: finding.severity)
                    above = picture.scopes[next]?.scope.parent
                }
            }
        }
    }

    /// Returns the severity of the worst finding about a row; for a folded scope, also about anything in it.
    func severity(of row: TreeRow) -> Finding.Severity? {
        if case .scope(let id) = row.id, row.isUnfolded == false { return self.inside[id] }
        return self.own[row.id]
    }
}

extension Finding.Severity {
    fileprivate mutating func raise(to other: Finding.Severity) {
        self = max(self, other)
    }
}

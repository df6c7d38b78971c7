import ResourceContainer
import ResourceMonitoring

/// The rows of the tree of scopes and resources.
enum ScopeTree {
    static func columns(width: Int) -> [Column] {
        let fixed = 11 + 7 + 6 + 3 + 11
        return [
            Column("SCOPE / resource", max(10, width - fixed - 6)), Column("STATE", 11), Column("AGE", 7, .right), Column("RES", 6, .right),
            Column("ERR", 3, .right), Column("", 11),
        ]
    }

    static func draw(
        _ row: TreeRow,
        _ state: DashboardState,
        _ painter: inout Painter,
        x: Int,
        y: Int,
        width: Int,
        isBrief: Bool = false
    ) {
        let glyphs = painter.glyphs
        let columns = Self.columns(width: width)
        switch row.id {
        case .scope(let id):
            guard let scope = state.picture.scopes[id] ?? state.picture.closedScopes.last(where: { $0.scope.id == id }) else { return }
            let sign: Glyph = row.isClosed ? .times : (row.isUnfolded.map { $0 ? .unfolded : .folded } ?? .none)
            let name = "\(Self.indent(row.depth))\(glyphs[sign]) \(scope.scope.name)"
            let mark = Self.mark(scope)
            let books = scope.scope.books
            let age = (scope.closedAt ?? state.picture.time) - scope.scope.openedAt
            let ended = scope.closedAt.map { "\(Format.age(state.picture.time - $0)) ago" } ?? ""
            if isBrief {
                let brief = [Column("", max(8, width - 30)), Column("", 7, .right), Column("", 9), Column("", 11)]
                painter.row(
                    [
                        Span(name, row.isClosed ? .textDim : .text), Span(Format.age(age)),
                        row.isClosed ? Span(ended, .textDim) : Span("res \(books.active)"),
                        Span("\(glyphs[mark.glyph]) \(mark.word)", mark.role),
                    ],
                    brief,
                    x: x,
                    y: y,
                    width: width
                )
                return
            }
            painter.row(
                [
                    Span(name, row.isClosed ? .textDim : .text), Span("\(glyphs[mark.glyph]) \(mark.word)", mark.role),
                    Span(Format.age(age)),
                    Span("\(books.active)/\(books.created)"), Span("\(books.errors)", books.errors > 0 ? .healthDegraded : .textDim),
                    Span(ended, .textDim),
                ],
                columns,
                x: x,
                y: y,
                width: width
            )
        case .resource(let id):
            guard let resource = state.picture.resources[id] else { return }
            let mark = Mark(resource)
            painter.row(
                [
                    Span("\(Self.indent(row.depth))\(glyphs[.none]) \(state.picture.label(of: id))"), mark.span(glyphs),
                    Span(Format.age(state.picture.life(of: resource))), Span(""),
                    Span("\(resource.errors)", resource.errors > 0 ? .healthDegraded : .textDim),
                    state.picture.healthSpan(of: id, glyphs),
                ],
                columns,
                x: x,
                y: y,
                width: width
            )
        }
    }

    private static func indent(_ depth: Int) -> String {
        // The indentation is limited, to leave room for names in a deep tree.
        String(repeating: "  ", count: min(depth, 12))
    }

    private static func mark(_ row: ScopeRow) -> Mark {
        switch row.scope.state {
        case .open:
            return row.scope.books.initializing > 0 ? Mark(.pending, "opening", .stateInitializing) : Mark(.full, "open", .stateReady)
        case .closing:
            return Mark(.pending, "closing", .stateDisposing)
        case .closed:
            if row.failedDisposes > 0 { return Mark(.failure, "\(row.failedDisposes) failed", .stateFailed) }
            let errors = row.scope.books.errors
            // Errors before the close are shown, but the scope still counts as closed.
            return errors > 0
                ? Mark(.warning, "\(Format.brief(errors)) error\(errors == 1 ? "" : "s")", .healthDegraded)
                : Mark(.hollow, "clean", .stateDisposed)
        }
    }
}

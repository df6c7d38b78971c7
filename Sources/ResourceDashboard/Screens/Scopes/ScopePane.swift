import ResourceContainer
import ResourceMonitoring

/// The details of a scope as lines of text: where it comes from, its figures, and its resources in the order of their initialization.
struct ScopePane {
    /// The number of resources that are brought into order. A frame must not sort all resources of a large scope.
    private static let limit = 1_000
    /// The width of the labels.
    private static let labels = 11

    private let row: ScopeRow
    private let context: ScreenContext
    private let glyphs: GlyphSet

    init(_ row: ScopeRow, _ context: ScreenContext, _ glyphs: GlyphSet) {
        self.row = row
        self.context = context
        self.glyphs = glyphs
    }

    /// Returns at most `height` lines.
    func lines(width: Int, height: Int) -> [[Span]] {
        var lines = self.facts(width: width)
        let (shown, total) = self.resources
        guard total > 0, lines.count + 1 < height else { return Array(lines.prefix(max(0, height))) }
        lines.append([Span("initialization order and duration:", .textDim)])
        let items = shown.prefix(height).enumerated().map { self.item($0.offset + 1, $0.element) }
        return lines + NumberedLines(items, of: total, self.glyphs).lines(width: width, height: height - lines.count)
    }

    // MARK: Facts

    private func facts(width: Int) -> [[Span]] {
        let (picture, scope) = (self.context.picture, self.row.scope)
        let children = picture.children[scope.id]?.count ?? 0
        let age = (self.row.closedAt ?? picture.time) - scope.openedAt
        let parent = scope.parent.map { picture.scopeName($0) } ?? "none"
        let inner = children == 0 ? "" : ", \(Format.count(children)) \(children == 1 ? "child" : "children")"
        var lines = Self.fact("parent", "\(parent), depth \(self.depth)\(inner)", width: width)
        lines += Self.fact(
            "opened",
            self.context.clock.preciseTime(scope.openedAt)
                + (self.row.closedAt == nil ? ", \(Format.age(age)) ago" : ", for \(Format.duration(age))"),
            width: width
        )
        if let outcome = self.row.outcome {
            lines += Self.fact("outcome", "\(outcome)", outcome.kind == .threw ? .stateFailed : .text, width: width)
        }
        if let tag = scope.tag { lines += Self.fact("tag", tag, width: width) }
        if let values = scope.values {
            // A value is shown by its type only.
            let labels = values.map { picture.bindings[$0]?.binding.label ?? "unknown" }
            lines += Self.fact("values", labels.joined(separator: ", "), width: width)
        }
        lines += Self.fact("location", Format.location(scope.location, width: max(0, width - Self.labels)), width: width)
        lines += Self.flow("resources", self.figures, width: width)
        let lifetimes = self.row.lifetimes
        let words =
            lifetimes.count == 0
            ? "none ended"
            : "average \(Format.duration(lifetimes.average)), median \(Format.duration(lifetimes.median)), of \(Format.count(lifetimes.count))"
        return lines + Self.fact("lifetime", words, width: width)
    }

    private var figures: [Span] {
        let books = self.row.scope.books
        func figure(_ label: String, _ count: Int, _ role: Role = .text) -> Span {
            Span("\(label) \(Format.count(count))", count > 0 ? role : .textDim)
        }
        return [
            figure("active", books.active), figure("created", books.created), figure("disposed", books.disposed),
            figure("init-failed", books.initFailed, .stateFailed), figure("abandoned", books.abandoned, .stateFailed),
            figure("errors", books.errors, .healthDegraded),
        ]
    }

    private var depth: Int {
        var depth = 0
        var above = self.row.scope.parent
        while let next = above {
            depth += 1
            above = self.context.picture.scopes[next]?.scope.parent
        }
        return depth
    }

    /// Returns a label and a text, which is wrapped beside it.
    private static func fact(_ label: String, _ text: String, _ role: Role = .text, width: Int) -> [[Span]] {
        let lines = DisplayText.wrap(text, width: max(1, width - Self.labels))
        return (lines.isEmpty ? [""] : lines).enumerated().map { index, line in [Self.label(index == 0 ? label : ""), Span(line, role)] }
    }

    /// Returns a label and figures, as many on a line as fit.
    private static func flow(_ label: String, _ figures: [Span], width: Int) -> [[Span]] {
        var lines: [[Span]] = []
        var (line, used) = ([Self.label(label)], Self.labels)
        for figure in figures {
            let length = DisplayText.width(of: figure.text)
            if line.count > 1, used + 2 + length > width {
                lines.append(line)
                (line, used) = ([Self.label("")], Self.labels)
            }
            if line.count > 1 {
                line.append(Span("  "))
                used += 2
            }
            line.append(figure)
            used += length
        }
        return lines + [line]
    }

    private static func label(_ text: String) -> Span {
        Span(DisplayText.fit(text, width: Self.labels), .textDim)
    }

    // MARK: Resources

    /// The first resources in the order of their initialization, and the number of all: the active ones, then those of a closed scope that
    /// ended within the retention time, or of an open scope those that ended with errors.
    private var resources: (shown: [ResourceRow], total: Int) {
        let (picture, scope) = (self.context.picture, self.row.scope)
        let active = picture.resourcesByScope[scope.id] ?? []
        var ended: [ResourceRow] = []
        if self.row.closedAt != nil || scope.books.errors > 0 {
            ended = picture.endedResources.filter { $0.resource.scope == scope.id && (self.row.closedAt != nil || $0.errors > 0) }
        }
        let shown = active.prefix(Self.limit).compactMap { picture.resources[$0] }
        return (Self.ordered(shown) + Self.ordered(ended), active.count + ended.count)
    }

    /// Returns resources in the order of their initialization. Those that are not initialized follow in the order of their creation.
    private static func ordered(_ rows: [ResourceRow]) -> [ResourceRow] {
        rows.sorted { left, right in
            (left.resource.readyOrder ?? .max, left.resource.id) < (right.resource.readyOrder ?? .max, right.resource.id)
        }
    }

    private func item(_ number: Int, _ row: ResourceRow) -> NumberedLines.Item {
        let mark = Mark(row)
        let took = row.resource.state == .ready ? row.initializeTook.map(Format.duration) : nil
        return NumberedLines.Item(
            number: number,
            text: self.context.picture.label(of: row.resource.id, binding: row.resource.binding),
            remark: Span("\(self.glyphs[mark.glyph]) \(took ?? mark.word)", mark.role),
            note: row.lastError.map { Span("last error: \($0)", .stateFailed) }
        )
    }
}

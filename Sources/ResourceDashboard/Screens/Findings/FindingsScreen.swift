import ResourceContainer
import ResourceMonitoring

/// The findings, most severe first, followed by those withdrawn recently, and an explanation of the selected one.
struct FindingsScreen: Screen {
    enum Pane: String, ScreenPane {
        case findings = "Findings"
        case explained = "Explained"

        var title: String { self.rawValue }
    }

    static let view = DashboardView.findings
    var focus = Pane.findings
    private(set) var rows = ListState<Finding, Unsorted>(fields: [.type, .name, .what, .level, .scope, .id])

    mutating func refresh(_ context: ScreenContext) {
        let picture = context.picture
        self.rows.show(Self.findings(context), passes: { $1.passes($0, picture) })
    }

    /// Returns the findings that are shown without a filter.
    private static func findings(_ context: ScreenContext) -> [Finding] {
        context.picture.findings + (context.showsEnded ? context.picture.withdrawnFindings.reversed() : [])
    }

    func list(in pane: Pane) -> (any ListStatus)? {
        pane == .findings ? self.rows : nil
    }

    mutating func perform(_ action: ListAction, in pane: Pane) {
        if pane == .findings { self.rows.perform(action) }
    }

    mutating func reset() {
        self.rows.reset()
    }

    // MARK: Selection

    func badge(_ context: ScreenContext) -> Int {
        context.picture.findings.count
    }

    func subject(_ context: ScreenContext) -> Subject {
        let finding = self.rows.selected
        return Subject(scope: finding?.subject.scope, resource: finding?.subject.resource, finding: finding)
    }

    mutating func open(_ context: ScreenContext) -> Destination {
        guard let finding = self.rows.selected else { return .nowhere("there is no finding") }
        if let destination = Self.destination(of: finding, context) { return destination }
        return .nowhere("\(finding.subject.label) no longer exists")
    }

    /// Returns where the newest subject is shown, or else the newest of the others that can be shown; nil if none can.
    private static func destination(of finding: Finding, _ context: ScreenContext) -> Destination? {
        ([finding.subject] + finding.subjects).lazy.compactMap { Self.destination(of: $0, context) }.first
    }

    /// Returns where a subject is shown: the resource, the scope or the resources of the binding. The container has the root scope.
    private static func destination(of subject: Finding.Subject, _ context: ScreenContext) -> Destination? {
        let isContainer = subject.resource == nil && subject.scope == nil && subject.binding == nil
        let scope = isContainer ? .root : subject.scope
        if let destination = context.destination(resource: subject.resource, scope: scope) { return destination }
        guard let binding = subject.binding, context.picture.bindings[binding] != nil else { return nil }
        return .binding(binding)
    }

    mutating func reveal(_ destination: Destination, _ context: ScreenContext) -> Bool {
        guard case .finding(let id) = destination, let finding = Self.findings(context).first(where: { $0.id == id }) else { return false }
        if !self.rows.filter.filter.passes(finding, context.picture) { self.rows.perform(.filter(TextField())) }
        self.rows.select(id)
        self.focus = .explained
        return true
    }

    func text(_ context: ScreenContext) -> String? {
        self.rows.selected.map { context.findingText($0) }
    }

    func describe(_ model: inout ViewModel, _ context: ScreenContext) {
        model.findings = self.rows.rows
    }

    // MARK: Drawing

    func layout(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        guard !context.isSmall, rect.height >= 14, self.rows.count > 0 else { return [(.findings, rect)] }
        let texts = self.rows.selected.map { FindingExplanation(finding: $0).texts(context) } ?? []
        let below = max(3, texts.lines(width: rect.width - 4).count + 2)
        let table = self.table(in: .findings, context, .braille)?.hiding(context.hiddenColumns)
        let rows = table?.height(width: rect.width - 4, limit: rect.height) ?? 1
        let parts = rect.rows([
            .content(max(self.rows.count + 1, rows) + 2, minimum: 6),
            Extent(minimum: min(below, rect.height - 6), ideal: below, weight: 1, priority: 1),
        ])
        return zip(Pane.allCases, parts).compactMap { pane, place in place.map { (pane: pane, rect: $0) } }
    }

    func draw(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        switch pane {
        case .findings:
            let title = "Findings \(Format.count(context.picture.findings.count))"
            let inside = self.frame(pane, title, trailing: Self.hint(context), &painter, rect)
            self.drawTable(pane, context, &painter, inside)
        case .explained:
            self.drawExplanation(context, &painter, rect)
        }
    }

    private static func hint(_ context: ScreenContext) -> String {
        let (picture, key) = (context.picture, context.keys.key(.showClosed))
        let suppressed = picture.suppressedFindings > 0 ? "  \(Format.count(picture.suppressedFindings)) more not stored" : ""
        let withdrawn = "\(Format.count(picture.withdrawnFindings.count)) withdrawn"
        return (context.showsEnded ? "\(withdrawn) below, \(key) hides" : "\(withdrawn), \(key) shows") + suppressed
    }

    private func drawExplanation(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        guard let finding = self.rows.selected else {
            let inside = self.frame(.explained, "Explained", &painter, rect).padded()
            let isGone = self.rows.count > 0
            let text = isGone ? "the selected finding was withdrawn" : "no findings"
            return painter.lines(painter.wrapped(text, .textDim, width: inside.width), in: inside)
        }
        let noun = Self.destination(of: finding, context)?.noun
        let hint = noun.map { "\(context.keys.key(.open)) jumps to its \($0)" } ?? ""
        let inside = self.frame(.explained, "\(finding.kind.rawValue) \(finding.subjectText)", trailing: hint, &painter, rect)
        painter.texts(FindingExplanation(finding: finding).texts(context), in: inside.padded())
    }

    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? {
        guard pane == .findings else { return nil }
        let columns = [
            TableColumn("LEVEL", "the severity; over for a withdrawn finding"),
            TableColumn("KIND", "the kind of problem"),
            TableColumn("SUBJECT", "the newest subject, and the number of others", .content(minimum: 14)),
            TableColumn("SINCE", "the time since the first subject was found", alignment: .right, priority: 2),
            TableColumn("COUNT", "the number of occurrences", alignment: .right, priority: 1),
            TableColumn("EVIDENCE", "the observation with its figures", .flexible(minimum: 20)),
        ]
        let findings = self.rows.rows
        return Table(columns, count: findings.count, empty: "no findings") { row in
            let finding = findings[row]
            let isOver = finding.withdrawnAt != nil
            let (role, text) = isOver ? (Role.textDim, Role.textDim) : (finding.severity.role, Role.text)
            let level = isOver ? "over" : context.isWide ? finding.severity.name : finding.severity.word
            return [
                .text("\(glyphs[isOver ? .hollow : finding.severity.glyph]) \(level)", role), .text(finding.kind.rawValue, role),
                .label(finding.subjectText, text), .text(Format.age(context.picture.time - finding.since), .textDim),
                .text(Format.brief(finding.count), text), .sentence(finding.evidence, text),
            ]
        }
    }
}

extension Finding.Severity {
    /// The severity spelled out, for wide screens.
    fileprivate var name: String {
        switch self {
        case .high: "HIGH"
        case .medium: "MEDIUM"
        case .low: "LOW"
        }
    }
}

extension Filter {
    /// Whether a finding passes.
    func passes(_ finding: Finding, _ picture: Picture) -> Bool {
        self.passes(text: "\(finding.kind.rawValue) \(finding.subject.label) \(finding.evidence)") { field in
            switch field {
            case .type, .name: .texts([finding.subject.label])
            case .what: .texts([finding.kind.rawValue])
            case .level: .texts([finding.severity.word.lowercased(), finding.severity.name.lowercased()])
            case .scope: .texts([finding.subject.scope.map { picture.scopeName($0) } ?? ""])
            case .id: .texts(["\(finding.id)"])
            case .state, .life, .err, .health, .tag, .uses, .outcome: nil
            }
        }
    }
}

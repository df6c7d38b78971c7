import ResourceContainer

/// The figures of closed scopes by tag. Scope names such as `req-431` are unique, tags are not. Uses constant memory.
struct TagLedger: Sendable {
    /// The closed scopes of one tag.
    struct Figures: Sendable {
        var scopes = 0
        /// The scopes by their outcome, without the root.
        var outcomes = ScopeOutcomeCounts()
        var books = Books()
        var lifetimes = DurationStatistics(.perRow)
        /// The durations for which the scopes were open, including their close.
        var open = DurationStatistics(.perRow)
        /// The last of these scopes that had errors and a trace.
        var failed: MonitorReport.FailedTrace?

        fileprivate mutating func add(_ row: ScopeRow, lifetimes: DurationStatistics) {
            self.scopes.addSaturated(1)
            if row.scope.id != .root { self.outcomes.add(row.outcome) }
            self.books += row.scope.books
            self.lifetimes.merge(lifetimes)
            if let closedAt = row.closedAt { self.open.record(closedAt - row.scope.openedAt) }
            let errors = row.scope.books.errors
            if errors > 0, let trace = row.scope.traceID { self.failed = MonitorReport.FailedTrace(trace: trace, errors: errors) }
        }
    }

    /// The number of tags with their own row; further tags count under `other`.
    static let limit = 256
    static let other = "(other)"
    /// The row for scopes that closed before monitoring began, or whose close was missed.
    static let unseen = "(unseen)"

    private(set) var figures: [String: Figures] = [:]
    /// The name of the last closed scope without a tag, and its row. Most scopes have the name of the one before.
    private var last: (name: String, tag: String)?
    /// The sums over all tags.
    private var outcomes = ScopeOutcomeCounts()
    private var books = Books()

    /// Sets the scopes closed before monitoring began.
    mutating func begin(outcomes: ScopeOutcomeCounts, books: Books) {
        self.settle(outcomes: outcomes, books: books)
    }

    /// Counts as unseen the scopes that the container reports as closed and that are in no tag.
    mutating func settle(outcomes: ScopeOutcomeCounts, books: Books) {
        guard outcomes.total > self.outcomes.total else { return }
        var missing = books
        missing -= self.books
        var unseen = outcomes
        unseen -= self.outcomes
        self.figures[Self.unseen, default: Figures()].scopes.addSaturated(unseen.total)
        self.figures[Self.unseen, default: Figures()].outcomes += unseen
        self.figures[Self.unseen, default: Figures()].books += missing
        self.outcomes = outcomes
        self.books = books
    }

    /// The row of a scope: its tag or, without a tag, its name with every run of digits replaced.
    static func tag(of scope: ScopeSnapshot) -> String {
        (scope.tag ?? scope.name.replacingDigits).asName
    }

    /// Counts a closed scope.
    mutating func add(_ row: ScopeRow, lifetimes: DurationStatistics) {
        var tag = self.row(of: row.scope)
        if self.figures.count >= Self.limit, self.figures[tag] == nil { tag = Self.other }
        self.figures[tag, default: Figures()].add(row, lifetimes: lifetimes)
        if row.scope.id != .root { self.outcomes.add(row.outcome) }
        self.books += row.scope.books
    }

    /// ``tag(of:)``, computed once for scopes of one name in a row.
    private mutating func row(of scope: ScopeSnapshot) -> String {
        guard scope.tag == nil else { return Self.tag(of: scope) }
        if let last = self.last, last.name == scope.name { return last.tag }
        let tag = Self.tag(of: scope)
        self.last = (scope.name, tag)
        return tag
    }
}

extension Books {
    static func += (left: inout Books, right: Books) {
        left.combine(right) { $0.addSaturated($1) }
    }

    static func -= (left: inout Books, right: Books) {
        left.combine(right) { $0.subtractSaturated($1) }
    }

    /// The number of instances that ended: disposed, failed to initialize, or abandoned.
    var ended: Int {
        self.disposed.addingSaturated(self.initFailed).addingSaturated(self.abandoned)
    }

    private mutating func combine(_ other: Books, _ combine: (inout Int, Int) -> Void) {
        combine(&self.created, other.created)
        combine(&self.initializing, other.initializing)
        combine(&self.ready, other.ready)
        combine(&self.disposing, other.disposing)
        combine(&self.disposed, other.disposed)
        combine(&self.initFailed, other.initFailed)
        combine(&self.abandoned, other.abandoned)
        combine(&self.errors, other.errors)
    }
}

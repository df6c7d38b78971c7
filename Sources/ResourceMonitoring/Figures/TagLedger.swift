import ResourceContainer

/// What became of the scopes that are closed, by tag: names like `req-431` are unique, tags are not. Constant memory.
struct TagLedger: Sendable {
    /// The closed scopes of one tag.
    struct Figures: Sendable {
        var scopes = 0
        var books = Books()
        var lifetimes = DurationStatistics(.perRow)
        /// How long the scopes were open, their closing included.
        var open = DurationStatistics(.perRow)

        fileprivate mutating func add(_ scope: MonitorLedger.ScopeFigures) {
            self.scopes.addSaturated(1)
            self.books += scope.row.scope.books
            self.lifetimes.merge(scope.lifetimes)
            if let closedAt = scope.row.closedAt { self.open.record(closedAt - scope.row.scope.openedAt) }
        }
    }

    /// How many tags are told apart; the rest is counted under `other`.
    static let limit = 256
    static let other = "(other)"
    /// Scopes whose closing was not seen: before watching began, or among events that were missed.
    static let unseen = "(unseen)"

    private(set) var figures: [String: Figures] = [:]
    /// What every tag sums up to.
    private var scopes = 0
    private var books = Books()

    /// What was closed before watching began.
    mutating func begin(closed: Int, books: Books) {
        self.settle(closed: closed, books: books)
    }

    /// Counts as unseen what was closed, according to the container, and is in no tag.
    mutating func settle(closed: Int, books: Books) {
        guard closed > self.scopes else { return }
        var missing = books
        missing -= self.books
        self.figures[Self.unseen, default: Figures()].scopes.addSaturated(closed.subtractingSaturated(self.scopes))
        self.figures[Self.unseen, default: Figures()].books += missing
        self.scopes = closed
        self.books = books
    }

    /// What a scope is counted under: its tag or, without one, its name with every number replaced.
    static func tag(of scope: ScopeSnapshot) -> String {
        (scope.tag ?? scope.name.replacingDigits).asName
    }

    /// A scope was closed.
    mutating func add(_ scope: MonitorLedger.ScopeFigures) {
        var tag = Self.tag(of: scope.row.scope)
        if self.figures[tag] == nil, self.figures.count >= Self.limit { tag = Self.other }
        self.figures[tag, default: Figures()].add(scope)
        if scope.row.scope.id != .root { self.scopes.addSaturated(1) }
        self.books += scope.row.scope.books
    }
}

extension Books {
    static func += (left: inout Books, right: Books) {
        left.combine(right) { $0.addSaturated($1) }
    }

    static func -= (left: inout Books, right: Books) {
        left.combine(right) { $0.subtractSaturated($1) }
    }

    /// Instances that are over, whatever became of them.
    var ended: Int {
        self.disposed.addingSaturated(self.initFailed).addingSaturated(self.abandoned)
    }

    private mutating func combine(_ other: Books, _ combine: (inout Int, Int) -> Void) {
        combine(&self.created, other.created)
        combine(&self.initialising, other.initialising)
        combine(&self.ready, other.ready)
        combine(&self.disposing, other.disposing)
        combine(&self.disposed, other.disposed)
        combine(&self.initFailed, other.initFailed)
        combine(&self.abandoned, other.abandoned)
        combine(&self.errors, other.errors)
    }
}

extension String {
    /// The name with every run of digits replaced by `*`, so that `req-431` and `req-432` count as one kind.
    var replacingDigits: String {
        guard self.utf8.contains(where: { (48...57).contains($0) }) else { return self }
        var result = [UInt8]()
        result.reserveCapacity(self.utf8.count)
        for byte in self.utf8 {
            if !(48...57).contains(byte) { result.append(byte) } else if result.last != 42 { result.append(42) }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

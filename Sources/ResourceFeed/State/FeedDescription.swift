import ResourceContainer

/// The description of what exists, while the lines of a feed describe it, and what was known before. A pure value.
///
/// Scopes and instances that were known before keep their numbers. Cumulative figures do not decrease.
struct FeedDescription: Sendable {
    private struct Scope: Sendable {
        var id: ScopeID
        var parent: ScopeID
    }

    private struct Instance: Sendable {
        var id: ResourceID
        var binding: BindingID
        var scope: ScopeID
    }

    /// The number of lines that were dropped before the description.
    let missed: UInt64
    /// Whether the figures before the description count: it is one of the same connection.
    private let keepsFigures: Bool
    private var scopes: [String: Scope] = [:]
    private var instances: [String: Instance] = [:]
    private let books: [Books]
    private let closedScopes: Int
    private let outcomes: ScopeOutcomeCounts
    /// The types of which the description states how many have ended.
    var pasts: Set<BindingID> = []
    /// Whether the description states how many scopes have closed.
    var hasClosed = false
    /// The first texts that arrived during the description.
    private(set) var notes: [String] = []

    private static let noteLimit = 100

    /// Begins a description of a container.
    init(after container: FeedContainer, missed: UInt64, keepsFigures: Bool) {
        self.missed = missed
        self.keepsFigures = keepsFigures
        self.books = container.bindings.map(\.books)
        self.closedScopes = container.closedScopes
        self.outcomes = container.outcomes
        for row in container.scopes.values {
            if let parent = row.shown.parent { self.scopes[row.name] = Scope(id: row.shown.id, parent: parent) }
        }
        for row in container.instances.values {
            self.instances[row.name] = Instance(id: row.shown.id, binding: row.shown.binding, scope: row.shown.scope)
        }
    }

    /// The number that a scope had before; nil if it is new. Removes it from those that are not described.
    mutating func scope(_ name: String, in parent: ScopeID) -> ScopeID? {
        guard let known = self.scopes[name], known.parent == parent else { return nil }
        self.scopes[name] = nil
        return known.id
    }

    /// The number that an instance had before; nil if it is new. Removes it from those that are not described.
    mutating func instance(_ name: String, _ binding: BindingID, in scope: ScopeID) -> ResourceID? {
        guard let known = self.instances[name], known.binding == binding, known.scope == scope else { return nil }
        self.instances[name] = nil
        return known.id
    }

    mutating func note(_ text: String) {
        if self.notes.count < Self.noteLimit { self.notes.append(text) }
    }

    // MARK: The end of the description

    /// The books of the types at the end of the description, and whether the stated figures decrease.
    ///
    /// A type whose ended instances are not stated keeps those that were known, and instances that exist no longer count as disposed.
    func settled(_ described: [Books]) -> (books: [Books], isLess: Bool) {
        guard self.keepsFigures else { return (described, false) }
        var gone: [BindingID: Int] = [:]
        for instance in self.instances.values { gone[instance.binding, default: 0] += 1 }
        var isLess = false
        let settled = described.enumerated().map { index, described in
            guard self.books.indices.contains(index) else { return described }
            let (before, binding) = (self.books[index], BindingID(index))
            var books = described
            if self.pasts.contains(binding) {
                let figures: [WritableKeyPath<Books, Int>] = [\.disposed, \.initFailed, \.abandoned, \.errors]
                for figure in figures where books[keyPath: figure] < before[keyPath: figure] {
                    books[keyPath: figure] = before[keyPath: figure]
                    isLess = true
                }
            } else {
                books.disposed = before.disposed + (gone[binding] ?? 0)
                (books.initFailed, books.abandoned, books.errors) = (before.initFailed, before.abandoned, before.errors)
            }
            books.created = books.active + books.disposed + books.initFailed + books.abandoned
            if books.created < before.created {
                books.disposed += before.created - books.created
                books.created = before.created
                isLess = true
            }
            return books
        }
        return (settled, isLess)
    }

    /// The outcomes of all closed scopes at the end of the description, and whether the stated figures decrease.
    func settled(_ described: ScopeOutcomeCounts) -> (outcomes: ScopeOutcomeCounts, isLess: Bool) {
        guard self.keepsFigures else { return (described, false) }
        guard self.hasClosed else { return (self.outcomes.grown(to: self.closedScopes + self.scopes.count), false) }
        let before = self.outcomes
        var outcomes = described
        outcomes.returned = max(outcomes.returned, before.returned)
        outcomes.threw = max(outcomes.threw, before.threw)
        outcomes.canceled = max(outcomes.canceled, before.canceled)
        outcomes.none = max(outcomes.none, before.none)
        return (outcomes, outcomes != described)
    }
}

extension FeedContainer {
    /// The lines that follow describe what exists, instead of what happens.
    ///
    /// - Parameters:
    ///   - missed: The number of lines that were dropped.
    ///   - keepsFigures: Whether the figures so far count. They do not in a new connection, whose lines describe everything.
    mutating func beginDescription(missed: UInt64, keepsFigures: Bool, at time: TimeSource.Instant) {
        let openedAt = self.scopes[.root]?.shown.openedAt ?? time
        self.description = FeedDescription(after: self, missed: missed, keepsFigures: keepsFigures)
        self.openRoot(at: openedAt)
        (self.instances, self.instanceIDs, self.pools, self.usedInstances) = ([:], [:], [:], [])
        (self.books, self.closedScopes, self.outcomes) = (Books(), 0, ScopeOutcomeCounts())
        for index in self.bindings.indices { self.bindings[index].books = Books() }
    }

    /// How many instances of a type have ended before the feed began.
    mutating func past(_ type: String, _ past: FeedPast, at time: TimeSource.Instant) throws(FeedFault) {
        let binding = try self.binding(of: type, at: time)
        guard self.description?.pasts.insert(binding).inserted ?? false else {
            throw FeedFault("'past' of '\(type.asName)' is stated twice")
        }
        // The sums of all types stay valid counts.
        let most = FeedLimits.count / FeedLimits.types / 4
        guard [past.disposed, past.failed, past.abandoned, past.errors].allSatisfy({ $0 <= most }) else {
            self.description?.pasts.remove(binding)
            throw FeedFault("'past' of '\(type.asName)' has a figure above \(most)")
        }
        var ended = Books()
        (ended.disposed, ended.initFailed, ended.abandoned, ended.errors) = (past.disposed, past.failed, past.abandoned, past.errors)
        ended.created = past.disposed + past.failed + past.abandoned
        self.bindings[binding.rawValue].books += ended
        self.books += ended
    }

    /// How many scopes have closed before the feed began.
    mutating func closed(_ count: Int, _ outcomes: ScopeOutcomeCounts) throws(FeedFault) {
        guard let description, !description.hasClosed else { throw FeedFault("'closed' is stated twice") }
        self.description?.hasClosed = true
        (self.closedScopes, self.outcomes) = (count, outcomes)
    }

    /// Everything that exists is described. The lines that follow report what happens. Returns the number of missed events.
    mutating func endDescription(at time: TimeSource.Instant) -> UInt64 {
        guard let description else { return 0 }
        let (books, isLess) = description.settled(self.bindings.map(\.books))
        let (outcomes, hasFewer) = description.settled(self.outcomes)
        for (index, books) in books.enumerated() { self.bindings[index].books = books }
        self.books = books.reduce(into: Books()) { $0 += $1 }
        (self.outcomes, self.closedScopes) = (outcomes, outcomes.total)
        self.description = nil
        // The number of the last event stays a valid count.
        let most = UInt64(FeedLimits.count / 2)
        let missed = min(description.missed, most - min(most, self.sequence))
        self.sequence += missed
        self.held = description.notes
        if isLess || hasFewer { self.held.append("feed: a figure of what has ended is lower than it was; the earlier one is kept") }
        return missed
    }
}

extension Books {
    fileprivate static func += (left: inout Books, right: Books) {
        left.created += right.created
        left.initializing += right.initializing
        left.ready += right.ready
        left.disposing += right.disposing
        left.disposed += right.disposed
        left.initFailed += right.initFailed
        left.abandoned += right.abandoned
        left.errors += right.errors
    }
}

import ResourceContainer
import ResourceMonitoring

/// The identity of a row of the scope tree.
enum TreeRowID: Hashable, Sendable {
    case scope(ScopeID)
    case resource(ResourceID)
}

/// A row of the scope tree.
struct TreeRow: Identifiable, Hashable, Sendable {
    var id: TreeRowID
    var depth: Int
    /// Whether the contents of a scope are shown; nil if the scope is empty, and for a resource.
    var isUnfolded: Bool?
    var isClosed = false
    /// Whether the row does not match the filter and is shown only because of a row below it.
    var isContext = false
}

/// The rows of the scope tree, made from a picture: the open scopes with their resources, then the scopes that closed last.
///
/// With a filter, a row is shown if it matches or if a row below it matches, and every scope is unfolded. O(n) in the number of scopes and
/// resources.
struct ScopeRows {
    /// The number of closed scopes that are shown.
    static let closedLimit = 50

    private(set) var rows: [TreeRow] = []
    /// The number of rows before the filter.
    let total: Int
    private let picture: Picture
    private let folded: Set<ScopeID>
    private let filter: Filter

    init(_ context: ScreenContext, folded: Set<ScopeID>, filter: Filter) {
        self.picture = context.picture
        self.folded = folded
        self.filter = filter
        // A filter chooses among all closed scopes of the picture, so that it finds one that is older than those shown without it.
        let kept = context.showsEnded ? self.picture.closedScopes.reversed() : []
        let closed = filter.isEmpty ? kept.prefix(Self.closedLimit) : kept[...]
        self.total = self.picture.scopes.count + self.picture.resources.count + closed.count
        self.rows.reserveCapacity(self.total)
        if let root = self.picture.scopes.keys.min() { self.add(root) }
        let matching = filter.isEmpty ? closed : closed.filter { filter.passes($0, self.picture) }.prefix(Self.closedLimit)
        for row in matching {
            self.rows.append(TreeRow(id: .scope(row.scope.id), depth: 1, isClosed: true))
        }
    }

    /// The number of rows that match the filter.
    var matches: Int {
        self.filter.isEmpty ? self.rows.count : self.rows.count { !$0.isContext }
    }

    /// A remaining step of a scope of the tree.
    private enum Step {
        case add(ScopeID, depth: Int)
        /// The rows of its contents have been added. Its own row, at this index, is removed if neither it nor one of them matches.
        case end(index: Int)
    }

    /// Adds a scope and the scopes in it with their contents, as far as something of them matches the filter.
    private mutating func add(_ root: ScopeID) {
        // An explicit stack, because a feed can nest scopes more deeply than the thread's stack allows.
        var steps: [Step] = [.add(root, depth: 0)]
        while let step = steps.popLast() {
            switch step {
            case .add(let id, let depth):
                let (index, inner) = (self.rows.count, self.addRow(id, depth: depth))
                if self.rows[index].isContext { steps.append(.end(index: index)) }
                for scope in inner.reversed() { steps.append(.add(scope, depth: depth + 1)) }
            case .end(let index):
                if self.rows.count == index + 1 { self.rows.removeLast() }
            }
        }
    }

    /// Adds the rows of a scope and of its resources. Returns the scopes in it whose rows follow.
    private mutating func addRow(_ id: ScopeID, depth: Int) -> [ScopeID] {
        // Without a filter, no scope needs to be tested.
        let isMatch = self.filter.isEmpty || self.picture.scopes[id].map { self.filter.passes($0, self.picture) } ?? false
        let (own, inner) = (self.picture.resourcesByScope[id] ?? [], self.picture.children[id] ?? [])
        let isUnfolded = !self.filter.isEmpty || !self.folded.contains(id)
        self.rows.append(
            TreeRow(id: .scope(id), depth: depth, isUnfolded: own.isEmpty && inner.isEmpty ? nil : isUnfolded, isContext: !isMatch)
        )
        guard isUnfolded else { return [] }
        for resource in own where self.filter.isEmpty || self.matches(resource) {
            self.rows.append(TreeRow(id: .resource(resource), depth: depth + 1))
        }
        return inner
    }

    private func matches(_ resource: ResourceID) -> Bool {
        self.picture.resources[resource].map { self.filter.passes($0, self.picture) } ?? false
    }
}

extension Picture {
    /// Returns the row of a scope that is open or closed within the retention time.
    func scopeRow(of id: ScopeID) -> ScopeRow? {
        self.scopes[id] ?? self.closedScopes[id]
    }
}

extension Filter {
    /// Whether a scope passes.
    func passes(_ row: ScopeRow, _ picture: Picture) -> Bool {
        self.passes(text: "\(row.scope.name) \(row.scope.tag ?? "") \(row.scope.state.rawValue) \(row.outcome?.description ?? "")") {
            field in
            switch field {
            case .scope, .name: .texts([row.scope.name])
            case .tag: .texts([row.scope.tag].compactMap { $0 })
            case .state: .texts([row.scope.state.rawValue])
            case .life: .number(((row.closedAt ?? picture.time) - row.scope.openedAt).inSeconds)
            case .err: .number(Double(row.scope.books.errors))
            case .id: .texts(["\(row.scope.id.rawValue)"])
            case .outcome: .texts([row.outcome?.kind.rawValue].compactMap { $0 })
            case .type, .health, .uses, .level, .what: nil
            }
        }
    }
}

extension Mark {
    /// Creates the mark of a scope's state. A closed scope has the mark of its worst trouble.
    init(_ row: ScopeRow) {
        let errors = row.scope.books.errors
        switch row.scope.state {
        case .open where row.scope.books.initializing > 0: self.init(.pending, "opening", .stateInitializing)
        case .open: self.init(.full, "open", .stateReady)
        case .closing: self.init(.pending, "closing", .stateDisposing)
        case .closed where row.failedDisposes > 0: self.init(.failure, "\(row.failedDisposes) failed", .stateFailed)
        case .closed where row.outcome?.kind == .threw: self.init(.failure, "threw", .stateFailed)
        // Errors before the close are shown, but the scope still counts as closed.
        case .closed where errors > 0: self.init(.warning, "\(Format.brief(errors)) error\(errors == 1 ? "" : "s")", .healthDegraded)
        case .closed where row.outcome == .canceled: self.init(.hollow, "canceled", .stateDisposed)
        case .closed: self.init(.hollow, "clean", .stateDisposed)
        }
    }
}

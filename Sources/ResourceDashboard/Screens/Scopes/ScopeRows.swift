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
        if let root = self.picture.scopes.keys.min() { _ = self.add(root, depth: 0) }
        let matching = filter.isEmpty ? closed : closed.filter { filter.passes($0, self.picture) }.prefix(Self.closedLimit)
        for row in matching {
            self.rows.append(TreeRow(id: .scope(row.scope.id), depth: 1, isClosed: true))
        }
    }

    /// The number of rows that match the filter.
    var matches: Int {
        self.filter.isEmpty ? self.rows.count : self.rows.count { !$0.isContext }
    }

    /// Adds a scope with its contents if something of it matches the filter. Returns whether it was added.
    private mutating func add(_ id: ScopeID, depth: Int) -> Bool {
        // Without a filter, no scope needs to be tested.
        let isMatch = self.filter.isEmpty || self.picture.scopes[id].map { self.filter.passes($0, self.picture) } ?? false
        let (own, inner) = (self.picture.resourcesByScope[id] ?? [], self.picture.children[id] ?? [])
        let isUnfolded = !self.filter.isEmpty || !self.folded.contains(id)
        let index = self.rows.count
        self.rows.append(
            TreeRow(id: .scope(id), depth: depth, isUnfolded: own.isEmpty && inner.isEmpty ? nil : isUnfolded, isContext: !isMatch)
        )
        guard isUnfolded else { return true }
        for resource in own where self.filter.isEmpty || self.matches(resource) {
            self.rows.append(TreeRow(id: .resource(resource), depth: depth + 1))
        }
        for scope in inner { _ = self.add(scope, depth: depth + 1) }
        guard isMatch || self.rows.count > index + 1 else {
            self.rows.removeLast()
            return false
        }
        return true
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

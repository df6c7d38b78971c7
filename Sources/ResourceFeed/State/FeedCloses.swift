import ResourceContainer

/// The closes that a client requested, and their reports so far. A pure value.
struct FeedCloses: Sendable {
    private struct Close: Sendable {
        var name: String
        var parent: ScopeID?
        var entries: [DisposeReport.Entry] = []
        var took: Duration?
    }

    /// The requests that are not answered: the number of each, and its scopes with the outermost one first.
    private var requests: [Int: [ScopeID]] = [:]
    private var scopes: [ScopeID: Close] = [:]

    /// A client requests to close the first of these scopes; the others are inside it.
    mutating func request(_ id: Int, _ list: [FeedContainer.ScopeRow]) {
        self.requests[id] = list.map(\.shown.id)
        for row in list where self.scopes[row.shown.id] == nil {
            self.scopes[row.shown.id] = Close(name: row.shown.name, parent: row.shown.parent)
        }
    }

    /// An instance has ended.
    mutating func ended(
        _ id: ResourceID,
        _ label: String,
        in scope: ScopeID,
        _ outcome: DisposeReport.Outcome,
        took: Duration,
        error: String?
    ) {
        guard !self.scopes.isEmpty, var close = self.scopes[scope] else { return }
        close.entries.append(
            DisposeReport.Entry(order: close.entries.count + 1, resource: id, label: label, outcome: outcome, took: took, error: error)
        )
        self.scopes[scope] = close
    }

    /// A scope has closed.
    mutating func closed(_ id: ScopeID, took: Duration) {
        if !self.scopes.isEmpty { self.scopes[id]?.took = took }
    }

    /// Removes a request and returns its report; nil if there is no such request, or its scope is open.
    mutating func answer(_ id: Int) -> DisposeReport? {
        guard let list = self.requests.removeValue(forKey: id), let outermost = list.first else { return nil }
        let isClosed = self.scopes[outermost]?.took != nil
        // A scope is listed after the one around it, so its report is complete before that of the other.
        var (report, inside) = (nil as DisposeReport?, [ScopeID: [DisposeReport]]())
        for scope in list.reversed() {
            guard let close = self.scopes[scope] else { continue }
            let children = inside.removeValue(forKey: scope) ?? []
            let made = DisposeReport(scope: scope, name: close.name, children: children, entries: close.entries, took: close.took ?? .zero)
            if scope == outermost { report = made } else if let parent = close.parent { inside[parent, default: []].append(made) }
        }
        let needed = Set(self.requests.values.joined())
        self.scopes = self.scopes.filter { needed.contains($0.key) }
        return isClosed ? report : nil
    }
}

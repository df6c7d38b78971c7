import ResourceContainer

/// The time of a picture, and the names of the scopes that hold or wait for items in it.
struct PoolMoment: Sendable {
    private(set) var time = TimeSource.Instant(nanoseconds: 0)
    private var names: [ScopeID: String] = [:]

    init() {}

    /// Collects the names of the scopes of `pools`. Without pools, there are no names.
    init(_ pools: (some Sequence<PoolSample>)?, _ picture: Picture) {
        self.time = picture.time
        guard let pools else { return }
        for pool in pools {
            for case let scope? in pool.holders.map(\.scope) + pool.waiters.map(\.scope) where self.names[scope] == nil {
                self.names[scope] = picture.scopeName(scope)
            }
        }
    }

    /// Returns the name of a scope, or its identity if it has no known name.
    func name(_ scope: ScopeID) -> String {
        self.names[scope] ?? "\(scope)"
    }
}

extension Container {
    /// The number of scopes that are not closed, without the root. O(1), unlike a snapshot.
    package var openScopeCount: Int {
        self.engine.locked { max(0, $0.scopes.count - 1) }
    }
}

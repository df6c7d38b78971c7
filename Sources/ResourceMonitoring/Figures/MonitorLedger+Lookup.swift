import ResourceContainer

/// Access to single rows, for the findings.
extension MonitorLedger {
    func binding(_ id: BindingID) -> BindingSnapshot? {
        self.bindings.indices.contains(id.rawValue) ? self.bindings[id.rawValue].row.binding : nil
    }

    func scope(_ id: ScopeID) -> ScopeSnapshot? {
        self.scopes.index(of: id).map { self.scopes[index: $0].row.scope }
    }

    /// Whether a resource is known and has not ended.
    func isActive(_ id: ResourceID) -> Bool {
        self.resources.index(of: id).map { self.resources[index: $0].resource.state.isActive } ?? false
    }

    /// An active resource, or one that ended recently.
    func resource(_ id: ResourceID) -> ResourceRow? {
        self.resources[id]
    }
}

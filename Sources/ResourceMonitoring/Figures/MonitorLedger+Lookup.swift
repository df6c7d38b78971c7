import ResourceContainer

/// The present picture, row by row, for those who judge it.
extension MonitorLedger {
    func binding(_ id: BindingID) -> BindingSnapshot? {
        self.bindings.indices.contains(id.rawValue) ? self.bindings[id.rawValue].row.binding : nil
    }

    func scope(_ id: ScopeID) -> ScopeSnapshot? {
        self.scopes.place(of: id).map { self.scopes[place: $0].row.scope }
    }

    /// Whether a resource is known and has not ended.
    func isActive(_ id: ResourceID) -> Bool {
        self.resources.place(of: id).map { self.resources[place: $0].resource.state.isActive } ?? false
    }

    /// An active resource, or one that ended a short while ago.
    func resource(_ id: ResourceID) -> ResourceRow? {
        self.resources[id]
    }
}

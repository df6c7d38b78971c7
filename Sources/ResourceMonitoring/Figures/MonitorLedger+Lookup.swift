import ResourceContainer

/// The present picture, row by row, for those who judge it.
extension MonitorLedger {
    func binding(_ id: BindingID) -> BindingSnapshot? {
        self.bindings.indices.contains(id.rawValue) ? self.bindings[id.rawValue].row.binding : nil
    }

    func scope(_ id: ScopeID) -> ScopeSnapshot? {
        self.scopes.place(of: id).map { self.scopes[place: $0].row.scope }
    }

    /// An active resource, or one that ended a short while ago.
    func resource(_ id: ResourceID) -> ResourceRow? {
        self.resources[id]
    }
}

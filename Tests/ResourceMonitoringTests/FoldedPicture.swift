import ResourceContainer
import ResourceMonitoring

/// The state into which a consumer folds its updates.
struct FoldedPicture {
    var update = MonitorUpdate(
        sequence: 0,
        time: TimeSource.Instant(nanoseconds: 0),
        isReset: true,
        container: "",
        totals: MonitorTotals()
    )
    var bindings: [BindingID: BindingRow] = [:]
    var scopes: [ScopeID: ScopeRow] = [:]
    var resources: [ResourceID: ResourceRow] = [:]
    var history: [HistoryPoint] = []

    mutating func fold(_ update: MonitorUpdate) {
        self.update = update
        if update.isReset {
            self.bindings = [:]
            self.scopes = [:]
            self.resources = [:]
            self.history = []
        }
        for row in update.bindings { self.bindings[row.binding.id] = row }
        for row in update.scopes { self.scopes[row.scope.id] = row.scope.state == .closed ? nil : row }
        for row in update.resources { self.resources[row.resource.id] = row.resource.state.isActive ? row : nil }
        self.history = Array((self.history + update.history).suffix(MonitorHistory.limit))
    }

    /// Whether every part that both contain is equal.
    func shows(_ other: FoldedPicture) -> Bool {
        self.update.sequence == other.update.sequence && self.update.totals == other.update.totals
            && self.update.pools == other.update.pools && self.bindings == other.bindings && self.scopes == other.scopes
            && self.resources == other.resources && self.history == other.history
    }
}

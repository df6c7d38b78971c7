/// The state that a snapshot shows, as copied under the registry's lock: plain values in the order of the tables.
///
/// Only the copying holds the lock. ``snapshot()`` sorts, cleans texts, and builds the rows of the snapshot without it.
struct SnapshotCopy: Sendable {
    /// The numbers of rows to allocate memory for.
    struct Size: Sendable {
        var bindings: Int
        var scopes: Int
        var resources: Int
        var dependencies: Int
    }

    /// A scope and its row in the registry.
    struct ScopeRow: Sendable {
        var row: Int
        var shown: ScopeSnapshot
    }

    /// An active instance.
    struct ResourceRow: Sendable {
        var id: ResourceID
        var createdAt: TimeSource.Instant
        var readyAt: TimeSource.Instant
        var readyOrder: UInt64
        var uses: Int
        /// The index of its first dependency in ``SnapshotCopy/dependencies``, and their number.
        var firstDependency: Int
        var dependencies: Int32
        var binding: Int32
        /// The row of the owning scope in the registry.
        var scope: Int32
        var state: ResourceState
        var hasInstance: Bool

        /// A row of no instance.
        static let vacant = ResourceRow(
            id: ResourceID(0),
            createdAt: TimeSource.Instant(nanoseconds: 0),
            readyAt: TimeSource.Instant(nanoseconds: 0),
            readyOrder: 0,
            uses: 0,
            firstDependency: 0,
            dependencies: 0,
            binding: 0,
            scope: 0,
            state: .initializing,
            hasInstance: false
        )
    }

    /// The snapshot without scopes, instances, and pools.
    var head = ContainerSnapshot(container: "", time: TimeSource.Instant(nanoseconds: 0))
    var scopes: PreparedArray<ScopeRow>
    /// The number of rows in the registry's table of scopes.
    var scopeRows = 0
    var resources: PreparedArray<ResourceRow>
    /// The dependencies of all instances, one instance after the other.
    var dependencies: PreparedArray<ResourceID>
    /// The results of the last health checks, of instances in any order.
    var health: [(ResourceID, HealthResult)] = []
    /// The pools, which are sampled without the lock because they may be application code.
    var pools: [Registry.PoolEntry] = []

    /// Allocates the memory for a registry with `size` rows.
    init(for size: Size) {
        let vacant = ScopeSnapshot(
            id: .root,
            name: "",
            parent: nil,
            location: CodeLocation(file: "", line: 0),
            openedAt: TimeSource.Instant(nanoseconds: 0)
        )
        self.scopes = PreparedArray(count: Self.room(for: size.scopes), filledWith: ScopeRow(row: 0, shown: vacant))
        self.resources = PreparedArray(count: Self.room(for: size.resources), filledWith: .vacant)
        self.dependencies = PreparedArray(count: Self.room(for: size.dependencies), filledWith: ResourceID(0))
        self.head.bindings.reserveCapacity(Self.room(for: size.bindings))
    }

    /// The number of rows to allocate memory for, since rows may be added before the copy is made.
    private static func room(for count: Int) -> Int {
        count + count / 8 + 16
    }

    /// The number of the last event that the copy includes.
    var sequence: UInt64 {
        self.head.sequence
    }

    /// Builds the snapshot, and samples the pools first. O(n log n). Call it while no lock is held.
    func snapshot() -> ContainerSnapshot {
        var snapshot = self.head
        snapshot.pools = Engine.samples(of: self.pools)
        var scopeIDs = ContiguousArray(repeating: ScopeID.root, count: self.scopeRows)
        for scope in self.scopes.elements { scopeIDs[scope.row] = scope.shown.id }
        snapshot.scopes = self.scopes.elements.map(\.shown.withCleanTag).sorted { $0.id < $1.id }
        let health = Dictionary(uniqueKeysWithValues: self.health)
        snapshot.resources = self.resources.elements.sorted { $0.id < $1.id }.map { row in
            self.shown(row, in: scopeIDs[Int(row.scope)], health: health.isEmpty ? nil : health[row.id])
        }
        return snapshot
    }

    private func shown(_ row: ResourceRow, in scope: ScopeID, health: HealthResult?) -> ResourceSnapshot {
        var shown = ResourceSnapshot(id: row.id, binding: BindingID(Int(row.binding)), scope: scope, createdAt: row.createdAt)
        shown.state = row.state
        shown.readyAt = row.hasInstance ? row.readyAt : nil
        shown.readyOrder = row.hasInstance ? row.readyOrder : nil
        if row.dependencies > 0 {
            let end = row.firstDependency + Int(row.dependencies)
            shown.dependencies = Array(self.dependencies.elements[row.firstDependency..<end])
        }
        shown.uses = row.uses
        shown.health = health
        return shown
    }
}

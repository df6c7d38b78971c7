import ResourceContainer
import ResourceMonitoring

@testable import ResourceDashboard

/// Creates monitor updates by hand: a container that tests change step by step, and the changes since the last update.
struct PictureFixture {
    private var scopes: [ScopeID: ScopeRow] = [:]
    private var resources: [ResourceID: ResourceRow] = [:]
    private var bindings: [BindingID: BindingRow] = [:]
    private var changedScopes: Set<ScopeID> = []
    private var changedResources: Set<ResourceID> = []
    private var totals = MonitorTotals()
    private var sequence: UInt64 = 0
    private var isFirst = true
    private(set) var time = TimeSource.Instant(nanoseconds: 0)
    private let location = CodeLocation(file: "App/Main.swift", line: 7)

    /// The next free scope and resource numbers.
    private var nextScope: UInt64 = 1
    private var nextResource: UInt64 = 1

    init(types: [String] = ["Database", "Cache", "FileStore"]) {
        for (index, type) in types.enumerated() {
            let id = BindingID(index)
            self.bindings[id] = BindingRow(binding: BindingSnapshot(id: id, type: type, lifetime: .scoped, location: self.location))
        }
        self.scopes[.root] = ScopeRow(
            scope: ScopeSnapshot(id: .root, name: "app", parent: nil, location: self.location, openedAt: self.time)
        )
        self.changedScopes.insert(.root)
    }

    var openScopes: [ScopeID] { self.scopes.keys.sorted() }
    var activeResources: [ResourceID] { self.resources.keys.sorted() }

    func holdsResources(_ scope: ScopeID) -> Bool {
        self.resources.values.contains { $0.resource.scope == scope } || self.scopes.values.contains { $0.scope.parent == scope }
    }

    mutating func wait(_ duration: Duration) {
        self.time = self.time + duration
    }

    mutating func open(_ name: String, in parent: ScopeID = .root, disposal: StepOrder? = nil) -> ScopeID {
        let id = ScopeID(self.nextScope)
        self.nextScope += 1
        self.sequence += 1
        var scope = ScopeSnapshot(id: id, name: name, parent: parent, location: self.location, openedAt: self.time)
        scope.disposal = disposal
        self.scopes[id] = ScopeRow(scope: scope)
        self.changedScopes.insert(id)
        self.totals.openScopes += 1
        return id
    }

    mutating func make(_ binding: Int, in scope: ScopeID = .root, needing: [ResourceID] = []) -> ResourceID {
        let id = ResourceID(self.nextResource)
        self.nextResource += 1
        self.sequence += 1
        var resource = ResourceSnapshot(id: id, binding: BindingID(binding), scope: scope, createdAt: self.time)
        resource.state = .ready
        resource.readyAt = self.time
        resource.readyOrder = id.rawValue
        resource.dependencies = needing
        self.resources[id] = ResourceRow(resource: resource)
        self.changedResources.insert(id)
        self.count(scope) {
            $0.created += 1
            $0.ready += 1
        }
        return id
    }

    mutating func dispose(_ id: ResourceID) -> ResourceRow? {
        guard var row = self.resources.removeValue(forKey: id) else { return nil }
        row.resource.state = .disposed
        row.endedAt = self.time
        self.sequence += 1
        self.changedResources.remove(id)
        self.count(row.resource.scope) {
            $0.ready -= 1
            $0.disposed += 1
        }
        return row
    }

    private mutating func count(_ scope: ScopeID, _ change: (inout Books) -> Void) {
        change(&self.totals.books)
        guard var row = self.scopes[scope] else { return }
        change(&row.scope.books)
        self.scopes[scope] = row
        self.changedScopes.insert(scope)
    }

    /// Returns the changes since the last update. `ended` has the last rows of ended resources, and `scope` is a scope that closes.
    mutating func update(ended: [ResourceRow?] = [], closing scope: ScopeID? = nil, isReset: Bool = false) -> MonitorUpdate {
        let isWhole = isReset || self.isFirst
        self.isFirst = false
        var closed: [ScopeRow] = []
        if let scope, var row = self.scopes.removeValue(forKey: scope) {
            row.scope.state = .closed
            row.closedAt = self.time
            self.changedScopes.remove(scope)
            self.sequence += 1
            self.totals.openScopes -= 1
            self.totals.closedScopes += 1
            closed = [row]
        }
        var update = MonitorUpdate(sequence: self.sequence, time: self.time, isReset: isWhole, container: "app", totals: self.totals)
        let scopes = isWhole ? Set(self.scopes.keys) : self.changedScopes
        let resources = isWhole ? Set(self.resources.keys) : self.changedResources
        update.bindings = isWhole ? self.bindings.keys.sorted().compactMap { self.bindings[$0] } : []
        update.scopes = scopes.sorted().compactMap { self.scopes[$0] } + closed
        update.resources = resources.sorted().compactMap { self.resources[$0] } + ended.compactMap(\.self)
        self.changedScopes = []
        self.changedResources = []
        return update
    }
}

/// Adds a pool, a health row and a finding about a resource of a fixture for each name.
extension MonitorUpdate {
    mutating func trouble(_ names: [String]) {
        let location = CodeLocation(file: "App/\(names.first ?? "")", line: 7)
        self.sampledAt = self.time
        for (index, name) in names.enumerated() {
            let id = ResourceID(UInt64(index + 1))
            var pool = PoolSample(resource: id, name: name, maximum: 4)
            (pool.made, pool.leased, pool.waiting, pool.leases) = (4, 4, 2, 9)
            for milliseconds in [0, 3, 40, 700, 20_000] { pool.waits.record(.milliseconds(milliseconds)) }
            pool.longestWait = .seconds(20)
            pool.holders = (0..<4).map {
                PoolSample.Holder(slot: $0, scope: ScopeID(1), location: location, since: self.time + .seconds(-$0))
            }
            pool.waiters = (0..<2).map { _ in
                PoolSample.Waiter(scope: nil, location: location, since: self.time + .seconds(-1), deadline: self.time + .seconds(4))
            }
            self.pools.append(pool)
            let kind = Finding.Kind.allCases[index % Finding.Kind.allCases.count]
            var finding = Finding(
                id: UInt64(index + 1),
                kind: kind,
                severity: Finding.Severity.allCases[index % 3],
                subject: Finding.Subject(label: name, binding: BindingID(0), scope: ScopeID(1), resource: id),
                evidence: "\(name) 3 times",
                location: location,
                advice: "Look at \(name).",
                since: self.time
            )
            self.findings.append(finding)
            finding.id += 100
            finding.withdrawnAt = self.time
            self.withdrawnFindings.append(finding)
        }
        let result = HealthResult(status: .degraded, message: names.last, probe: "ping", latency: .milliseconds(3), time: self.time)
        let change = HealthTransition(time: self.time, from: .healthy, to: .degraded, reason: names.last ?? "")
        self.health = HealthPicture(
            time: self.time,
            verdict: .degraded,
            since: self.time,
            causes: names.map { "\($0) is degraded" },
            transitions: [change],
            rows: names.enumerated().map { index, name in
                HealthRow(
                    resource: ResourceID(UInt64(index + 1)),
                    label: name,
                    scope: ScopeID(1),
                    isCritical: true,
                    status: HealthStatus.allCases[index % 5],
                    since: self.time,
                    history: Array(repeating: result, count: index * 9),
                    transitions: [change],
                    interval: .seconds(5),
                    nextCheck: self.time + .seconds(2),
                    isLate: index == 1,
                    fallbackFor: index == 2 ? name : nil,
                    affectedBy: index == 0 ? [ResourceID(2)] : []
                )
            }
        )
    }
}

extension DashboardState {
    /// A state of 120 x 36 cells in UTC.
    static func fixture(_ view: DashboardView = .scopes, isReadonly: Bool = false) -> DashboardState {
        DashboardState(
            configuration: DashboardConfiguration(
                clock: WallClock(originNanoseconds: 1_767_268_800_000_000_000),
                size: Size(width: 120, height: 36),
                isReadonly: isReadonly,
                view: view
            )
        )
    }

    /// Presses a key for each character.
    mutating func type(_ text: String) -> [Effect] {
        text.flatMap { self.update(.input(.key(Key($0)))) }
    }

    mutating func press(_ code: Key.Code, _ modifiers: Key.Modifiers = []) -> [Effect] {
        self.update(.input(.key(Key(code, modifiers))))
    }
}

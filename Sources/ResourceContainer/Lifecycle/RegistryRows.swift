/// The reference to an instance within the registry: its row, and its identity to detect that the row has been reused.
struct ResourceHandle: Hashable, Sendable {
    let row: Int
    let id: ResourceID

    /// The handle of a value that is not an instance. No row has its index.
    static let none = ResourceHandle(row: .max, id: ResourceID(0))
}

extension Registry {
    typealias Initialized = Promise<Result<AnyInstance, ResourceError>>

    /// A scope that is not closed.
    struct ScopeRow: TableRow {
        private var occupant: Scope?
        /// The identity of the scope, kept separately to avoid a reference to the scope.
        private(set) var id = ScopeID.root
        /// The row of the parent; negative for the root.
        private(set) var parent = -1
        /// Whether the scope neither overrides bindings nor provides values, so that a search for the owner of an instance passes through it.
        private(set) var isPlain = true
        /// The neighbors in the parent's list of scopes.
        var links = RowLinks()
        var state = ScopeSnapshot.State.open
        var books = Books()
        /// The child scopes, oldest first.
        var children = RowList()
        /// The active instances of the scope. The ready ones are in the order in which they became ready.
        var owned = RowList()
        /// The rows of the shared instances, by the word of their binding.
        var shared = SmallTable<Int>()
        /// The number of instances that are initializing or disposing, including those that the container does not own.
        var underWay = 0
        /// Whether a ready instance has resolved another one. Then the order of becoming ready may be wrong for disposal.
        var hasLateEdges = false
        /// Whether the scope was open when its container was dropped.
        var isDropped = false
        /// The report entries of instances that ended since the scope began to close.
        var entries: [DisposeReport.Entry] = []
        /// The progress of the close. Set when the close reaches this scope; a nested scope can be in the state `closing` before that.
        var closing: Closing?

        init() {
            self.occupant = nil
        }

        /// Fills a vacant row with a new scope.
        @inline(__always)
        mutating func occupy(_ scope: Scope) {
            self.occupant = scope
            self.id = scope.id
            self.parent = scope.parent.map(\.row) ?? -1
            self.isPlain = !scope.hasOverlay && scope.values.isEmpty
        }

        mutating func vacate() {
            self.occupant = nil
            self.links = RowLinks()
            self.state = .open
            self.books = Books()
            self.children = RowList()
            self.owned = RowList()
            self.shared.removeAll()
            self.underWay = 0
            self.hasLateEdges = false
            self.isDropped = false
            if !self.entries.isEmpty { self.entries = [] }
            if self.closing != nil { self.closing = nil }
        }

        var isVacant: Bool {
            self.occupant == nil
        }

        /// Whether this row holds the only reference to the scope.
        var isForgotten: Bool {
            mutating get { isKnownUniquelyReferenced(&self.occupant) }
        }

        /// The scope. Valid only for rows in use.
        var scope: Scope {
            self.occupant.unsafelyUnwrapped
        }
    }

    /// The progress of closing a scope.
    struct Closing: Sendable {
        var isForced: Bool
        /// Whether the close has a budget. Then no dispose may delay it by blocking its thread.
        var isBudgeted = false
        /// Whether disposes run in separate tasks. Otherwise the closing run executes them itself. See ``Registry/apart``.
        var isApart = false
        let since: TimeSource.Instant
        /// The reports of the nested scopes that this close has closed.
        var children: [DisposeReport] = []
        var threw = 0
        /// How the scope's body ended; nil while it runs, and for a scope without a body.
        var outcome: ScopeOutcome?
        /// The instances to dispose, last one first. Set only if the order had to be computed.
        var plan: [ResourceHandle]?
    }

    /// The disposes of a scope that run in separate tasks.
    struct Apart: Sendable {
        /// The maximum number of disposes that run at the same time.
        let limit: Int
        /// The schedule of disposal. Set when no instance of the scope is initializing; no instance or dependency is added after that.
        var schedule: TeardownSchedule?
        /// The rows of the instances in the schedule.
        var rows: [ResourceID: Int] = [:]
        /// Fulfilled when the next instance ends. Set only while the closing run waits.
        var progress: Promise<Void>?
        /// The early start of all remaining disposes. Set when the budget was nearly used up.
        private(set) var rest: Rest?

        init(limit: Int) {
            self.limit = limit
        }

        /// Records that the remaining disposes were started. Only the first call has an effect.
        mutating func begin(_ rest: Rest) {
            if self.rest == nil { self.rest = rest }
        }
    }

    /// The last part of a budget, in which all remaining instances are disposed at once.
    struct Rest: Sendable {
        let since: TimeSource.Instant
        /// The steps that the close was waiting for at that time.
        let awaitedSteps: [String]
    }

    /// An active instance.
    struct ResourceRow: TableRow {
        private(set) var id = ResourceID(0)
        private var itsBinding: Binding?
        /// The identity of the binding, kept separately to avoid a reference to the binding.
        private(set) var bindingID = BindingID(0)
        private(set) var word: UInt = 0
        private(set) var isOwned = false
        /// The row of the owning scope.
        private(set) var scope = 0
        private(set) var createdAt = TimeSource.Instant(nanoseconds: 0)
        /// Whether initialization does not suspend, so that a thread may block until it ends.
        private(set) var isMadeSynchronously = false
        /// The neighbors in the scope's list of instances.
        var links = RowLinks()
        var state = ResourceState.initializing
        /// The instance. Set in the state `ready` and later.
        var instance: AnyInstance?
        var readyAt = TimeSource.Instant(nanoseconds: 0)
        var readyOrder: UInt64 = 0
        var disposingSince = TimeSource.Instant(nanoseconds: 0)
        var dependencies: [ResourceHandle] = []
        /// The instances whose initialization this instance's initialization is waiting for.
        var waitsFor: [ResourceHandle] = []
        /// The instance converted to the types of its aliases, each converted once.
        var aliases: [(binding: UInt, instance: AnyInstance)] = []
        /// The pending initialization of an instance that was bound as an existing value. Nil once it is initialized.
        var adoption: Adoption?
        /// Fulfilled when the initialization ends with success or failure. Set only if another task waits for it.
        var initialized: Initialized?
        /// Fulfilled when the instance is no longer active. Set only if another task waits for it.
        var ended: Promise<Void>?

        init() {
            self.itsBinding = nil
        }

        mutating func vacate() {
            self.itsBinding = nil
            self.links = RowLinks()
            self.state = .initializing
            self.instance = nil
            self.readyAt = TimeSource.Instant(nanoseconds: 0)
            self.readyOrder = 0
            self.disposingSince = TimeSource.Instant(nanoseconds: 0)
            // Most instances have none of these, and an assignment costs more than the check.
            if !self.dependencies.isEmpty { self.dependencies = [] }
            if !self.waitsFor.isEmpty { self.waitsFor = [] }
            if !self.aliases.isEmpty { self.aliases = [] }
            if self.adoption != nil { self.adoption = nil }
            if self.initialized != nil { self.initialized = nil }
            if self.ended != nil { self.ended = nil }
        }

        /// Fills a vacant row with a new instance.
        @inline(__always)
        mutating func occupy(id: ResourceID, binding: Binding, scope: Int, createdAt: TimeSource.Instant, isMadeSynchronously: Bool) {
            self.id = id
            self.itsBinding = binding
            self.bindingID = binding.id
            self.word = binding.word
            self.isOwned = binding.options.owned
            self.scope = scope
            self.createdAt = createdAt
            self.isMadeSynchronously = isMadeSynchronously
        }

        var isVacant: Bool {
            self.itsBinding == nil
        }

        /// The binding. Valid only for rows in use.
        var binding: Binding {
            self.itsBinding.unsafelyUnwrapped
        }

        /// Assigns the instance to a newer binding of its key.
        mutating func pass(to binding: Binding) {
            self.itsBinding = binding
            self.word = binding.word
        }

        /// The number of requests for the instance, including those through its aliases.
        var uses: Int {
            let own = self.instance?.uses.load(ordering: .relaxed) ?? 0
            return self.aliases.reduce(own) { $0 + $1.instance.uses.load(ordering: .relaxed) }
        }
    }

    /// The record of an abandoned instance, kept until its step returns.
    struct Abandonment: Sendable {
        let binding: BindingID
        let word: UInt
        let scope: ScopeID
        let since: TimeSource.Instant
        let phase: ResourceEvent.Phase
        /// The dependencies that the instance had resolved when it was abandoned.
        var dependencies: [ResourceHandle]
    }

    /// An active instance that is a pool.
    struct PoolEntry: Sendable {
        let handle: ResourceHandle
        let pool: any SampledPool
    }
}

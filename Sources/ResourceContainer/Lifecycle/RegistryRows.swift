/// Names one instance within the registry: its row, as long as it is there. The identity tells whether the row is another's by now.
struct ResourceHandle: Hashable, Sendable {
    let row: Int
    let id: ResourceID
}

extension Registry {
    typealias Initialised = Promise<Result<AnyInstance, ResourceError>>

    /// A scope that is not closed.
    struct ScopeRow: TableRow {
        private var occupant: Scope?
        /// The scope's identity, which costs no reference to it.
        let id: ScopeID
        /// Its neighbours among its parent's scopes.
        var links = RowLinks()
        var state = ScopeSnapshot.State.open
        var books = Books()
        /// The scopes in it, oldest first.
        var children = RowList()
        /// Its active instances: those that are ready in the order in which they became so.
        var owned = RowList()
        /// The shared ones among them: their rows by their binding.
        var shared = SmallTable<Int>()
        /// How many instances are being made or disposed, counted or not.
        var underWay = 0
        /// Whether an instance that was ready has asked for another: then the order of becoming ready may be wrong for disposal.
        var hasLateEdges = false
        /// Whether it was open when its container was dropped.
        var isDropped = false
        /// What became of its instances since it refuses requests.
        var entries: [DisposeReport.Entry] = []
        /// There once somebody closes this very scope; one inside it may be `closing` before its turn comes.
        var closing: Closing?

        init() {
            self.occupant = nil
            self.id = .root
        }

        init(scope: Scope) {
            self.occupant = scope
            self.id = scope.id
        }

        var isVacant: Bool {
            self.occupant == nil
        }

        /// Whether nobody but this row refers to the scope.
        var isForgotten: Bool {
            mutating get { isKnownUniquelyReferenced(&self.occupant) }
        }

        /// The scope; only rows in use are asked for it.
        var scope: Scope {
            self.occupant.unsafelyUnwrapped
        }
    }

    /// How far the closing of a scope has come.
    struct Closing: Sendable {
        var isForced: Bool
        /// Whether it has to end by a moment, so that no dispose may hold the closing up by blocking its thread.
        var isBudgeted = false
        /// Whether the disposes run apart from the run that closes the scope, which otherwise carries them out itself: see
        /// ``Registry/apart``.
        var isApart = false
        let since: TimeSource.Instant
        /// The reports of the scopes inside it that were closed since.
        var children: [DisposeReport] = []
        var threw = 0
        /// What is to be disposed, the last first, where the order had to be worked out.
        var plan: [ResourceHandle]?
    }

    /// Disposes that run apart from the run that closes their scope.
    struct Apart: Sendable {
        /// How many may run at the same time.
        let limit: Int
        /// There once nothing is being made in the scope any more: from then on no instance and no edge is added.
        var schedule: TeardownSchedule?
        /// The rows of what the schedule names.
        var rows: [ResourceID: Int] = [:]
        /// Fulfilled when the next instance is gone; there if the run waits for that.
        var progress: Promise<Void>?
        /// There once what was left was begun all at once, because the budget was nearly used up.
        private(set) var rest: Rest?

        init(limit: Int) {
            self.limit = limit
        }

        /// What is left is begun. It stays with the first time.
        mutating func begin(_ rest: Rest) {
            if self.rest == nil { self.rest = rest }
        }
    }

    /// The last part of a budget, in which everything that is left is disposed at once.
    struct Rest: Sendable {
        let since: TimeSource.Instant
        /// What the closing waited for until then.
        let holdUps: [String]
    }

    /// An active instance.
    struct ResourceRow: TableRow {
        let id: ResourceID
        private var itsBinding: Binding?
        /// What is asked of the binding most, which costs no reference to it.
        let bindingID: BindingID
        private(set) var word: UInt
        let isOwned: Bool
        /// The row of the scope that owns it.
        let scope: Int
        let createdAt: TimeSource.Instant
        /// Whether it is made without suspending, so that a thread may wait for it.
        let isMadeSynchronously: Bool
        /// Its neighbours among what its scope owns.
        var links = RowLinks()
        var state = ResourceState.initialising
        /// There from `ready` on.
        var instance: AnyInstance?
        var readyAt = TimeSource.Instant(nanoseconds: 0)
        var readyOrder: UInt64 = 0
        var disposingSince = TimeSource.Instant(nanoseconds: 0)
        var dependencies: [ResourceHandle] = []
        /// The instances whose initialisation this one's initialisation waits for at the moment.
        var waitsFor: [ResourceHandle] = []
        /// The same instance under its aliases, made once.
        var aliases: [(binding: UInt, instance: AnyInstance)] = []
        /// There for an instance that was bound as it is, until its first request has initialised it.
        var adoption: Adoption?
        /// Fulfilled when its initialisation has ended, one way or the other; there if somebody waits for that.
        var initialised: Initialised?
        /// Fulfilled when the instance is no longer active; there if somebody waits for that.
        var ended: Promise<Void>?

        init() {
            self.id = ResourceID(0)
            self.itsBinding = nil
            self.bindingID = BindingID(0)
            self.word = 0
            self.isOwned = false
            self.scope = 0
            self.createdAt = TimeSource.Instant(nanoseconds: 0)
            self.isMadeSynchronously = false
        }

        init(id: ResourceID, binding: Binding, scope: Int, createdAt: TimeSource.Instant, isMadeSynchronously: Bool) {
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

        /// The binding; only rows in use are asked for it.
        var binding: Binding {
            self.itsBinding.unsafelyUnwrapped
        }

        /// Goes on as an instance of another binding of its key.
        mutating func pass(to binding: Binding) {
            self.itsBinding = binding
            self.word = binding.word
        }

        /// How often it was asked for, under whatever name.
        var uses: Int {
            let own = self.instance?.uses.load(ordering: .relaxed) ?? 0
            return self.aliases.reduce(own) { $0 + $1.instance.uses.load(ordering: .relaxed) }
        }
    }

    /// What is remembered of an instance that was abandoned, until it comes back.
    struct Abandonment: Sendable {
        let binding: BindingID
        let word: UInt
        let scope: ScopeID
        let since: TimeSource.Instant
        let phase: ResourceEvent.Phase
        /// What it was made with so far.
        var dependencies: [ResourceHandle]
    }

    /// A pool among the instances.
    struct PoolEntry: Sendable {
        let handle: ResourceHandle
        let pool: any SampledPool
    }
}

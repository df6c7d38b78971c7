@testable import ResourceContainer

/// A reference model of a pool in its simplest form: one array of items that is searched from the front, and one of requests.
struct NaivePool {
    enum ItemState: Equatable {
        case making, idle, validating, leased, resetting, closing
    }

    struct Item {
        let slot: Int
        var state = ItemState.making
        var isBroken = false
        var isSuspected = false
        var isLost = false
        var isRetiring = false
        var isKeptAlive = false
        var epoch: Int
        var failuresBefore: Int
        /// The order in which idle items were returned.
        var rank = 0
        var since: Int64
        var stepSince: Int64
        var provenAt: Int64 = 0
        var retireAt = Int64.max
        var scope: ScopeID?
    }

    struct Request: Equatable {
        let id: PoolRequests.ID
        let deadline: Int64
    }

    enum Ending: Equatable {
        case granted(slot: Int)
        case cancelled, expired
        case refused(PoolRequests.Refusal)
    }

    /// The effects that the model expects. The slots of new items are missing, because the machine chooses them.
    enum Effect: Equatable {
        case make
        case validate(Int)
        case reset(Int)
        case close(Int)
    }

    let rules: PoolRules
    var maximum: Int
    var minimum: Int
    var now: Int64 = 0
    var items: [Item] = []
    var queue: [Request] = []
    /// Requests that began and are not queued yet.
    var pending: [Request] = []
    /// Requests that ended and whose outcome was not collected yet.
    var ended: [PoolRequests.ID: Ending] = [:]
    var phase = PoolStateMachine.Phase.open
    var isStarted = false
    var epoch = 0
    var failures = 0
    var failingSince: Int64 = 0
    var retryAt = Int64.min
    var isBroken = false
    var leaseLimit: Int
    var nextReap = Int64.min
    var ranks = 0
    var newItems = 0

    var made = 0
    var failed = 0
    var closed = 0
    var abandoned = 0
    var timedOut = 0
    var suspected = 0
    var withdrawn = 0
    var lost = 0
    var reaped = 0
    var brokenDiscarded = 0

    var effects: [Effect] = []
    var resumed: [PoolRequests.ID] = []

    init(rules: PoolRules) {
        self.rules = rules
        self.maximum = rules.maximum
        self.minimum = rules.minimum
        self.leaseLimit = rules.maximum
    }

    func count(_ states: ItemState...) -> Int {
        self.items.count { states.contains($0.state) }
    }

    func index(_ slot: Int) -> Int? {
        self.items.firstIndex { $0.slot == slot }
    }

    func slots(_ state: ItemState) -> [Int] {
        self.items.filter { $0.state == state }.map(\.slot).sorted()
    }

    var live: Int { self.count(.idle, .leased, .validating, .resetting) }

    /// The idle items, the one idle longest first.
    var idle: [Int] {
        self.items.indices.filter { self.items[$0].state == .idle }.sorted { self.items[$0].rank < self.items[$1].rank }
    }

    var candidate: Int? { self.rules.leasesOldestFirst ? self.idle.first : self.idle.last }

    func isFresh(_ index: Int) -> Bool {
        !self.rules.validates || self.now - self.items[index].provenAt < self.rules.freshness
    }

    func refusal() -> PoolRequests.Refusal? {
        if self.phase != .open { return .closed }
        return self.isBroken ? .unavailable : nil
    }

    // MARK: Automatic transitions

    mutating func rest(_ index: Int) {
        self.ranks += 1
        self.items[index].state = .idle
        self.items[index].rank = self.ranks
        self.items[index].since = self.now
    }

    mutating func close(_ index: Int) {
        self.items[index].state = .closing
        self.items[index].stepSince = self.now
        self.items[index].isRetiring = false
        self.effects.append(.close(self.items[index].slot))
    }

    mutating func lease(_ index: Int) {
        self.items[index].state = .leased
        self.items[index].since = self.now
    }

    private mutating func grant(_ index: Int) {
        let request = self.queue.removeFirst()
        self.lease(index)
        self.items[index].scope = nil
        self.ended[request.id] = .granted(slot: self.items[index].slot)
        self.resumed.append(request.id)
    }

    var mayCreate: Bool {
        let making = self.count(.making)
        return making < self.rules.creationConcurrency && (self.failures == 0 || making == 0) && self.now >= self.retryAt
    }

    private mutating func make() {
        self.made += 1
        self.newItems += 1
        self.effects.append(.make)
        self.items.append(
            Item(slot: -self.newItems, epoch: self.epoch, failuresBefore: self.failures, since: self.now, stepSince: self.now)
        )
    }

    mutating func validate(_ index: Int) {
        self.items[index].state = .validating
        self.items[index].stepSince = self.now
        self.effects.append(.validate(self.items[index].slot))
    }

    func mayRetire(live: Int, occupied: Int) -> Bool {
        live > self.minimum || (self.minimum == self.maximum && live == self.minimum && occupied == live)
    }

    mutating func dispatch() {
        guard self.phase == .open else { return }
        while !self.queue.isEmpty {
            if let index = self.candidate, self.isFresh(index) {
                self.grant(index)
            } else if self.queue.count <= self.count(.making, .validating) {
                break
            } else if let index = self.candidate {
                self.validate(index)
            } else if self.mayCreate, self.items.count < self.maximum {
                self.make()
            } else {
                break
            }
        }
        for index in self.idle where self.items[index].isRetiring && self.mayRetire(live: self.live, occupied: self.items.count) {
            self.close(index)
        }
        guard self.isStarted else { return }
        while self.items.count < self.maximum, self.mayCreate {
            let target = min(self.maximum, self.minimum + self.items.count { $0.isRetiring })
            guard self.live + self.count(.making) < target || (self.isBroken && self.count(.making) == 0) else { return }
            self.make()
        }
    }

    /// Whether an item has to be closed instead of kept: it is expired, or the other items fill the maximum.
    func isSurplus(_ index: Int) -> Bool {
        let others = self.items.indices.count { $0 != index && self.items[$0].state != .closing }
        return self.items[index].epoch != self.epoch || others >= self.maximum
    }

    mutating func place(_ index: Int) {
        self.items[index].provenAt = self.now
        if self.phase == .closed || self.isSurplus(index) {
            self.close(index)
        } else if self.phase == .open, !self.queue.isEmpty {
            self.grant(index)
        } else if self.items[index].isKeptAlive {
            self.items[index].state = .idle
            self.items[index].rank = (self.idle.map { self.items[$0].rank }.min() ?? 0) - 1
        } else {
            self.rest(index)
        }
        self.items[index].isKeptAlive = false
        self.dispatch()
    }

    mutating func putBack(_ index: Int) {
        self.leaveLease()
        if self.phase == .closed || self.isSurplus(index) { self.close(index) } else { self.rest(index) }
        self.dispatch()
    }

    private mutating func leaveLease() {
        if self.leaseLimit > self.maximum { self.leaseLimit = max(self.maximum, self.count(.leased) - 1) }
    }

    mutating func release(_ index: Int) {
        self.leaveLease()
        if self.items[index].isSuspected { self.withdrawn += 1 }
        self.items[index].isSuspected = false
        self.items[index].isLost = false
        self.items[index].provenAt = self.now
        var goes = self.phase == .closed || self.isSurplus(index)
        if self.items[index].isBroken {
            if self.phase != .closed { self.brokenDiscarded += 1 }
            goes = true
        }
        if !goes, self.phase == .open, self.now >= self.items[index].retireAt {
            goes = self.mayRetire(live: self.live, occupied: self.items.count)
            if !goes { self.items[index].isRetiring = true }
        }
        if goes {
            self.close(index)
        } else if self.rules.resets, self.phase == .open {
            self.items[index].state = .resetting
            self.items[index].stepSince = self.now
            self.effects.append(.reset(self.items[index].slot))
        } else {
            self.rest(index)
        }
        self.dispatch()
    }

    mutating func fail(_ index: Int, fraction: Double) {
        let item = self.items.remove(at: index)
        if item.failuresBefore >= self.failures {
            if self.failures == 0 { self.failingSince = self.now }
            let bound = min(5_000_000_000, 10_000_000 << Int64(min(self.failures, 16)))
            self.failures += 1
            self.retryAt = self.now + max(1_000_000, Int64(Double(bound) * fraction))
        }
        guard self.live == 0, self.now - self.failingSince >= self.rules.failFastAfter else { return }
        self.isBroken = true
        for request in self.queue {
            self.ended[request.id] = .refused(.unavailable)
            self.resumed.append(request.id)
        }
        self.queue = []
    }
}

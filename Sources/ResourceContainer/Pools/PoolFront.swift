import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The idle items that callers lease and release without the pool's lock.
///
/// The state machine exposes its idle slots here and takes them back before it decides anything that depends on them. Each slot has a
/// cell, whose word states which party may act on the slot: any caller (`idle`), the holder (`leased`), or the state machine (`away`). A lease
/// is one compare-and-swap from `idle` to `leased`, a release one from `leased` to `idle`; the state machine takes a slot back by an exchange
/// for `away`, whose result states whether the slot was leased. So no release can miss a waiter: before a request is queued, every slot is
/// taken back, and the release of a slot that is `away` goes to the state machine.
///
/// A caller looks first at the slot that a thread of its stripe released last, and then at the one released before that: the newest item of a
/// thread first, in its own cache.
final class PoolFront: @unchecked Sendable {
    // Sendable because every variable of a cell belongs to the party that the cell's word names: it is written only between the swap that
    // acquires the slot and the swap that releases it. The holder of a slot that was taken back is read only after it has been published.

    /// The states of a slot's word, below its generation.
    enum Word {
        static let away: UInt64 = 0
        static let idle: UInt64 = 1
        static let leased: UInt64 = 2
        static let mask: UInt64 = 3

        static func make(_ generation: UInt64, _ state: UInt64) -> UInt64 { generation << 2 | state }
        static func generation(_ word: UInt64) -> UInt64 { word >> 2 }
    }

    struct Cell: ~Copyable {
        let word = Atomic<UInt64>(Word.away)
        /// The generation whose holder has been written completely.
        let published = Atomic<UInt64>(0)
        /// The number of the scope of the holder, read to find the leases of a scope; 0 is no scope or the root.
        let scope = Atomic<UInt64>(0)
        /// The slot that a thread of the same stripe released before this one; -1 if there is none. A hint only.
        let previous = Atomic<Int>(-1)
        /// When the item was last known to be usable, in nanoseconds.
        let provenAt = Atomic<Int64>(0)
        /// The position of the last release among those of its stripe, which orders releases at the same instant.
        var stamp = 0
        /// The item, which the pool retains until it is closed.
        var item: Unmanaged<AnyObject>?
        var requester = PoolStateMachine.Requester.nobody
        var leasedSince = TimeSource.Instant(nanoseconds: 0)
        var idleSince = TimeSource.Instant(nanoseconds: 0)
        var retireAt = TimeSource.Instant(nanoseconds: .max)
        /// How long the leases since the slot was exposed lasted.
        var holds = DurationBuckets()
        private let padding = (0, 0, 0)
    }

    /// The slots that the threads of a stripe released last. Threads are spread over the stripes, so that they write different cache lines.
    private struct Stripe: ~Copyable {
        let newest = Atomic<Int>(-1)
        let releases = Atomic<Int>(0)
        private let padding = (0, 0, 0, 0, 0, 0)
    }

    /// The largest number of slots with a cell. Slots beyond it are leased by the state machine.
    static let largestCapacity = 256
    private static let stripeCount = 8

    /// The number of cells that a caller may look at; 0 while the state machine has every slot.
    private let width = Atomic<Int>(0)
    private let cells: UnsafeMutablePointer<Cell>
    private let stripes: UnsafeMutablePointer<Stripe>
    /// The number of slots that can be exposed, the lowest ones.
    let capacity: Int
    private let validates: Bool
    private let freshness: Int64

    /// Creates a front without slots. Keyed pools, pools with a reset, and pools that lease the oldest item first expose no slot.
    init(rules: PoolRules) {
        self.capacity = rules.isKeyed || rules.resets || rules.leasesOldestFirst ? 0 : min(rules.maximum, Self.largestCapacity)
        self.validates = rules.validates
        self.freshness = rules.freshness
        self.cells = Self.allocate(self.capacity) { Cell() }
        self.stripes = Self.allocate(self.capacity > 0 ? Self.stripeCount : 0) { Stripe() }
    }

    deinit {
        self.cells.deinitialize(count: self.capacity).deallocate()
        self.stripes.deinitialize(count: self.capacity > 0 ? Self.stripeCount : 0).deallocate()
    }

    /// Allocates values that begin at a cache line. Their size is a multiple of one, so that no two of them share a line.
    private static func allocate<Value: ~Copyable>(_ count: Int, _ value: () -> Value) -> UnsafeMutablePointer<Value> {
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(1, count * MemoryLayout<Value>.stride), alignment: 64)
        let values = raw.bindMemory(to: Value.self, capacity: count)
        for index in 0..<count { (values + index).initialize(to: value()) }
        return values
    }

    /// The stripe of the calling thread.
    @inline(__always)
    private var stripe: UnsafeMutablePointer<Stripe> {
        // Threads have different addresses, whose low bits are equal.
        let thread = UInt(bitPattern: Self.thread)
        return self.stripes + Int((thread &* 0x9E37_79B9_7F4A_7C15) >> 61)
    }

    @inline(__always)
    private static var thread: Int {
        #if canImport(Glibc)
            Int(bitPattern: pthread_self())
        #else
            Int(bitPattern: unsafeBitCast(pthread_self(), to: UInt.self))
        #endif
    }

    // MARK: Callers

    /// Leases an idle slot; nil if there is none that needs no validation. O(1) if a thread of this stripe released one of its last items,
    /// else O(slots).
    @inline(__always)
    func lease(
        to requester: PoolStateMachine.Requester,
        at now: TimeSource.Instant,
        _ environment: ResourceEnvironment
    ) -> PoolHub.Grant? {
        let width = self.width.load(ordering: .acquiring)
        if width == 0 { return nil }
        let stripe = self.stripe
        var slot = stripe.pointee.newest.load(ordering: .relaxed)
        for _ in 0..<3 where slot >= 0 {
            if let grant = self.lease(slot, stripe, to: requester, at: now, environment) { return grant }
            slot = self.cells[slot].previous.load(ordering: .relaxed)
        }
        for slot in 0..<width {
            if let grant = self.lease(slot, stripe, to: requester, at: now, environment) { return grant }
        }
        return nil
    }

    @inline(__always)
    private func lease(
        _ slot: Int,
        _ stripe: UnsafeMutablePointer<Stripe>,
        to requester: PoolStateMachine.Requester,
        at now: TimeSource.Instant,
        _ environment: ResourceEnvironment
    ) -> PoolHub.Grant? {
        let cell = self.cells + slot
        let word = cell.pointee.word.load(ordering: .acquiring)
        guard word & Word.mask == Word.idle else { return nil }
        if self.validates, now.nanoseconds &- cell.pointee.provenAt.load(ordering: .relaxed) >= self.freshness { return nil }
        let generation = Word.generation(word) &+ 1
        environment.schedulePoint()
        guard
            cell.pointee.word.compareExchange(
                expected: word,
                desired: Word.make(generation, Word.leased),
                ordering: .acquiring
            ).exchanged
        else { return nil }
        stripe.pointee.newest.store(cell.pointee.previous.load(ordering: .relaxed), ordering: .relaxed)
        environment.schedulePoint()
        cell.pointee.leasedSince = now
        cell.pointee.requester = requester
        cell.pointee.scope.store(requester.scope?.rawValue ?? 0, ordering: .relaxed)
        cell.pointee.published.store(generation, ordering: .releasing)
        guard let item = cell.pointee.item else { preconditionFailure("a slot that was exposed holds no item") }
        return PoolHub.Grant(use: PoolStateMachine.Use(slot: slot, generation: generation), item: item)
    }

    /// The result of a release.
    enum Release {
        /// The item is idle.
        case done
        /// The state machine has the slot, or decides about its item. The duration of the lease has been recorded, or has not.
        case away(isRecorded: Bool)
    }

    /// Releases a slot for its holder, which calls it once.
    @inline(__always)
    func release(_ use: PoolStateMachine.Use, at now: TimeSource.Instant, _ environment: ResourceEnvironment) -> Release {
        guard use.slot < self.capacity else { return .away(isRecorded: false) }
        let cell = self.cells + use.slot
        let word = Word.make(use.generation, Word.leased)
        guard cell.pointee.word.load(ordering: .relaxed) == word, now < cell.pointee.retireAt else { return .away(isRecorded: false) }
        cell.pointee.holds.record(nanoseconds: now.nanoseconds(since: cell.pointee.leasedSince))
        self.rest(use.slot, provenAt: now, since: now)
        environment.schedulePoint()
        return cell.pointee.word.compareExchange(
            expected: word,
            desired: Word.make(use.generation, Word.idle),
            ordering: .releasing
        ).exchanged ? .done : .away(isRecorded: true)
    }

    /// Prepares a slot that becomes idle, as the newest of the thread's stripe.
    @inline(__always)
    private func rest(_ slot: Int, provenAt: TimeSource.Instant, since: TimeSource.Instant) {
        let (cell, stripe) = (self.cells + slot, self.stripe)
        cell.pointee.idleSince = since
        cell.pointee.provenAt.store(provenAt.nanoseconds, ordering: .relaxed)
        let newest = stripe.pointee.newest.load(ordering: .relaxed)
        if newest != slot { cell.pointee.previous.store(newest, ordering: .relaxed) }
        stripe.pointee.newest.store(slot, ordering: .relaxed)
        // A lost update makes two releases of different threads equal, which is their order anyway.
        let stamp = stripe.pointee.releases.load(ordering: .relaxed) &+ 1
        stripe.pointee.releases.store(stamp, ordering: .relaxed)
        cell.pointee.stamp = stamp
    }

    // MARK: The state machine, under the pool's lock

    /// Exposes an idle slot, as the newest of the calling thread's stripe.
    func expose(_ slot: PoolStateMachine.Slot, number: Int, item: AnyObject) {
        let cell = self.cells + number
        cell.pointee.item = Unmanaged.passUnretained(item)
        cell.pointee.retireAt = slot.retireAt
        self.rest(number, provenAt: slot.provenAt, since: slot.since)
        cell.pointee.word.store(Word.make(slot.generation, Word.idle), ordering: .releasing)
        if self.width.load(ordering: .relaxed) <= number { self.width.store(number + 1, ordering: .releasing) }
    }

    /// Ends exposing: callers no longer look at the cells.
    func close() {
        self.width.store(0, ordering: .releasing)
    }

    /// A slot that the state machine has taken back.
    struct Returned {
        let slot: Int
        let generation: UInt64
        /// When and as which one of its stripe the slot became idle; nil if it is leased.
        let rest: (since: TimeSource.Instant, stamp: Int, provenAt: TimeSource.Instant)?
    }

    /// Takes a slot back.
    func take(_ slot: Int) -> Returned {
        let cell = self.cells + slot
        let word = cell.pointee.word.exchange(Word.away, ordering: .acquiringAndReleasing)
        let generation = Word.generation(word)
        if word & Word.mask == Word.leased { return Returned(slot: slot, generation: generation, rest: nil) }
        let provenAt = TimeSource.Instant(nanoseconds: cell.pointee.provenAt.load(ordering: .relaxed))
        return Returned(slot: slot, generation: generation, rest: (cell.pointee.idleSince, cell.pointee.stamp, provenAt))
    }

    /// Whether a slot is leased to a scope.
    func isLeased(_ slot: Int, to scope: ScopeID) -> Bool {
        self.cells[slot].word.load(ordering: .acquiring) & Word.mask == Word.leased
            && self.cells[slot].scope.load(ordering: .relaxed) == scope.rawValue
    }

    /// The holder of a leased slot that was taken back, and when it leased the slot; nil until the holder has written both.
    func holder(of slot: Int, generation: UInt64) -> (requester: PoolStateMachine.Requester, since: TimeSource.Instant)? {
        guard self.cells[slot].published.load(ordering: .acquiring) == generation else { return nil }
        return (self.cells[slot].requester, self.cells[slot].leasedSince)
    }

    /// Moves the durations of the leases of a slot to `holds`. The slot must be taken back, and idle or released by the caller.
    func moveHolds(of slot: Int, to holds: inout DurationBuckets) {
        if slot < self.capacity { self.cells[slot].holds.move(to: &holds) }
    }
}

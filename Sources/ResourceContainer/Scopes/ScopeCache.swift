/// What a scope was answered before, also by ancestors: they cannot end before the scope does, so an answer stays right.
///
/// Guarded by the scope's own lock, so that a `get` that finds its answer meets nobody of another scope.
@usableFromInline
struct ScopeCache: Sendable {
    /// How far a scope is on its way to its end.
    enum Stage: Sendable {
        case open
        /// Those who wait for the report, if there are any.
        case closing(Promise<DisposeReport>?)
        case closed(DisposeReport)
    }

    private(set) var stage = Stage.open
    /// The cache owns the instances; it does so by hand, because a look-up that retains what it finds costs half as much again. Whatever is
    /// put in is released when it is replaced, forgotten, or when the cache is closed, which the scope's `deinit` does at the latest.
    @usableFromInline var unnamed = SmallTable<Unmanaged<AnyInstance>>()
    @usableFromInline var named: [KeyID: AnyInstance] = [:]

    init() {}

    var isOpen: Bool {
        if case .open = self.stage { return true }
        return false
    }

    var report: DisposeReport? {
        if case .closed(let report) = self.stage { return report }
        return nil
    }

    /// What `body` says of the instance known under `key`; nil if none is. O(1).
    @inlinable
    func withKnown<Result>(_ key: KeyID, _ body: (AnyInstance) -> Result) -> Result? {
        if key.name != nil { return self.named[key].map(body) }
        return self.unnamed.find(key.word).map { $0._withUnsafeGuaranteedRef(body) }
    }

    /// Returns what was known before, to be let go of outside of every lock.
    mutating func remember(_ instance: AnyInstance, under key: KeyID) -> AnyInstance? {
        guard key.name == nil else { return self.named.updateValue(instance, forKey: key) }
        return self.unnamed.insert(.passRetained(instance), for: key.word)?.takeRetainedValue()
    }

    /// Returns what was known, to be let go of outside of every lock.
    mutating func forget(_ key: KeyID) -> AnyInstance? {
        key.name == nil ? self.unnamed.remove(key.word)?.takeRetainedValue() : self.named.removeValue(forKey: key)
    }

    /// Answers nothing from here on. What was known goes with `leavings`.
    mutating func close(_ leavings: inout Leavings) {
        if case .open = self.stage { self.stage = .closing(nil) }
        self.unnamed.removeAll { leavings.add($0.takeRetainedValue()) }
        if self.named.isEmpty { return }
        for instance in self.named.values { leavings.add(instance) }
        self.named = [:]
    }

    /// What to wait for until the report is there.
    mutating func reportPromise() -> Promise<DisposeReport> {
        switch self.stage {
        case .closing(let promise?):
            return promise
        case .open, .closing(nil):
            let promise = Promise<DisposeReport>()
            self.stage = .closing(promise)
            return promise
        case .closed(let report):
            let promise = Promise<DisposeReport>()
            promise.fulfil(report)
            return promise
        }
    }

    /// The scope is closed. Returns whom to tell.
    mutating func end(_ report: DisposeReport) -> Promise<DisposeReport>? {
        defer { self.stage = .closed(report) }
        if case .closing(let promise) = self.stage { return promise }
        return nil
    }
}

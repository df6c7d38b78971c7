/// The instances that a scope has resolved, including those that its ancestors own.
///
/// Ancestors cannot end before the scope, so cached instances stay valid. The scope's own lock guards the cache, so a `get` that finds a
/// cached instance does not contend with other scopes.
@usableFromInline
struct ScopeCache: Sendable {
    /// The stages of a scope's life.
    enum Stage: Sendable {
        /// The scope accepts requests.
        case open
        /// The scope is closing; the promise of its report, if a caller waits for it.
        case closing(Promise<DisposeReport>?)
        /// The scope is closed, with its report.
        case closed(DisposeReport)
    }

    private(set) var stage = Stage.open
    /// Instances under unnamed keys. The cache retains and releases them manually, because a lookup that retains its result costs half as
    /// much again. An instance is released when it is replaced or forgotten, or when the cache is closed, at the latest in the scope's
    /// `deinit`.
    @usableFromInline var unnamed = SmallTable<Unmanaged<AnyInstance>>()
    /// Instances under named keys.
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

    /// Returns the result of `body` for the instance cached under `key`; nil if there is none. O(1).
    @inlinable
    func withKnown<Result>(_ key: KeyID, _ body: (AnyInstance) -> Result) -> Result? {
        if key.name != nil { return self.named[key].map(body) }
        return self.unnamed.find(key.word).map { $0._withUnsafeGuaranteedRef(body) }
    }

    /// Caches `instance`. Returns the instance that it replaces, which the caller releases outside all locks.
    mutating func remember(_ instance: AnyInstance, under key: KeyID) -> AnyInstance? {
        guard key.name == nil else { return self.named.updateValue(instance, forKey: key) }
        return self.unnamed.insert(.passRetained(instance), for: key.word)?.takeRetainedValue()
    }

    /// Removes the instance cached under `key` and returns it. The caller releases it outside all locks.
    mutating func forget(_ key: KeyID) -> AnyInstance? {
        key.name == nil ? self.unnamed.remove(key.word)?.takeRetainedValue() : self.named.removeValue(forKey: key)
    }

    /// Refuses lookups from now on, and moves the cached instances to `deferredReleases`.
    mutating func close(_ deferredReleases: inout DeferredReleases) {
        if case .open = self.stage { self.stage = .closing(nil) }
        self.unnamed.removeAll { deferredReleases.add($0.takeRetainedValue()) }
        if self.named.isEmpty { return }
        for instance in self.named.values { deferredReleases.add(instance) }
        self.named = [:]
    }

    /// Returns the promise of the report, already fulfilled if the scope is closed.
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
            promise.fulfill(report)
            return promise
        }
    }

    /// Marks the scope as closed. Returns the promise to fulfill, if a caller waits for the report.
    mutating func end(_ report: DisposeReport) -> Promise<DisposeReport>? {
        defer { self.stage = .closed(report) }
        if case .closing(let promise) = self.stage { return promise }
        return nil
    }
}

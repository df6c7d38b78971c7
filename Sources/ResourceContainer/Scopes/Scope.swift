public import Synchronization

/// A piece of a program's time and what lives in it: resources are shared inside a scope and disposed when it ends.
///
/// Scopes nest. A scope is open until it is closed - by the end of `withScope`, by
/// ``close(_:within:)``, or by the closing of a scope around it; from then on it refuses every request with ``ResourceError/Code/scopeClosed``.
public final class Scope: Sendable {
    /// Its identity within the container.
    public let id: ScopeID
    /// Its name; not unique.
    public let name: String
    /// The tag that bindings with the lifetime `tagged` look for.
    public let tag: String?
    /// The scope it stands in; nil for the root.
    public let parent: Scope?
    /// Where it was opened.
    public let place: SourcePlace
    /// When it was opened.
    public let openedAt: TimeSource.Instant
    let engine: Engine
    /// Whether it takes only resources that can be made and disposed without suspending.
    let isSynchronous: Bool
    /// How many scopes it stands in.
    let depth: Int
    /// Its row in the registry, as long as it is not closed.
    let row: Int
    /// Whether what it owns is disposed one after the other or side by side.
    public let disposal: StepOrder
    /// The bindings that hold in here instead of the container's.
    let overlay: Overlay?
    @usableFromInline let cache = Lock(ScopeCache())

    init(_ opening: ScopeOpening, engine: Engine, id: ScopeID, row: Int, parent: Scope?, at now: TimeSource.Instant) {
        self.engine = engine
        self.id = id
        self.name = opening.name
        self.tag = opening.tag
        self.parent = parent
        self.place = opening.place
        self.openedAt = now
        self.isSynchronous = opening.isSynchronous
        self.row = row
        self.depth = parent.map { $0.depth + 1 } ?? 0
        self.disposal = opening.disposal ?? parent?.disposal ?? .serial
        self.overlay = opening.overlay ?? parent?.overlay
    }

    deinit {
        let leavings = self.cache.withLock { cache in
            var leavings = Leavings()
            cache.close(&leavings)
            return leavings
        }
        withExtendedLifetime(leavings) {}
    }

    /// The innermost scope that the calling task is in, of whatever container.
    public static var current: Scope? {
        ScopeContext.current?.scope
    }

    /// Whether the scope takes requests.
    public var isOpen: Bool {
        self.cache.withLock { $0.isOpen }
    }

    /// What became of everything, once the scope is closed.
    public var report: DisposeReport? {
        self.cache.withLock { $0.report }
    }

    /// The names from the root to this scope.
    public var path: String {
        var names = [self.name]
        var scope = self.parent
        while let above = scope {
            names.append(above.name)
            scope = above.parent
        }
        return names.reversed().joined(separator: " ▸ ").cleaned(limit: TextLimit.sentence)
    }

    /// The outermost scope around it.
    var root: Scope {
        var scope = self
        while let above = scope.parent { scope = above }
        return scope
    }

    func isSameOrBelow(_ other: Scope) -> Bool {
        var scope: Scope? = self
        while let candidate = scope {
            if candidate === other { return true }
            scope = candidate.parent
        }
        return false
    }

    func isWithin(tag: String) -> Bool {
        var scope: Scope? = self
        while let candidate = scope {
            if candidate.tag == tag { return true }
            scope = candidate.parent
        }
        return false
    }

    func snapshot(state: ScopeSnapshot.State, books: Books) -> ScopeSnapshot {
        var snapshot = ScopeSnapshot(
            id: self.id,
            name: self.name,
            tag: self.tag?.asName,
            parent: self.parent?.id,
            place: self.place,
            openedAt: self.openedAt
        )
        snapshot.state = state
        if !self.isSynchronous, !self.disposal.isSerial { snapshot.disposal = self.disposal }
        snapshot.books = books
        return snapshot
    }

    /// The value this scope knows under `key`, counted as used; nil if it knows none or is closed. O(1).
    ///
    /// The value is copied out under the lock, which saves keeping the instance alive beyond it.
    @inlinable
    func known<Value: Sendable>(_ key: ResourceKey<Value>) -> Value? {
        self.cache.withLock { cache in
            cache.withKnown(key.id) { instance in
                instance.uses.wrappingAdd(1, ordering: .relaxed)
                return Engine.value(of: instance, as: Value.self)
            }
        }
    }

    /// Remembers an answer; false if the scope closed meanwhile.
    func remember(_ instance: AnyInstance, under key: KeyID) -> Bool {
        let (isOpen, replaced) = self.cache.withLock { cache -> (Bool, AnyInstance?) in
            cache.isOpen ? (true, cache.remember(instance, under: key)) : (false, nil)
        }
        withExtendedLifetime(replaced) {}
        return isOpen
    }
}

/// What a scope is opened with.
struct ScopeOpening: Sendable {
    let name: String
    var tag: String?
    let place: SourcePlace
    var isSynchronous = false
    /// How what it owns is disposed; nil for as in the scope around it.
    var disposal: StepOrder?
    /// New bindings for what happens inside.
    var overlay: Overlay?

    init(name: String, tag: String? = nil, place: SourcePlace, isSynchronous: Bool = false, disposal: StepOrder? = nil) {
        self.name = name.asName
        self.tag = tag
        self.place = place
        self.isSynchronous = isSynchronous
        self.disposal = disposal
    }
}

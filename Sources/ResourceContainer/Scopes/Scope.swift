import Synchronization

/// A piece of a program's time and what lives in it: resources are shared inside a scope and disposed when it ends.
///
/// Scopes nest. A scope is open until it is closed - by the end of ``withScope(_:tag:policy:onClose:fileID:line:body:)``, by
/// ``close()``, or by the closing of a scope around it; from then on it refuses every request with ``ResourceError/Code/scopeClosed``.
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
    let cache = Lock(Cache())
    /// Fulfilled with the report when the scope is closed.
    let closed = Promise<DisposeReport>()

    /// What this scope was answered before, also by ancestors: they cannot end before this scope does, so an answer stays right.
    struct Cache: Sendable {
        private(set) var isOpen = true
        var instances: [KeyID: AnyInstance] = [:]

        mutating func close() {
            self.isOpen = false
            self.instances = [:]
        }
    }

    init(
        engine: Engine,
        id: ScopeID,
        name: String,
        tag: String?,
        parent: Scope?,
        place: SourcePlace,
        openedAt: TimeSource.Instant,
        isSynchronous: Bool
    ) {
        self.engine = engine
        self.id = id
        self.name = name
        self.tag = tag
        self.parent = parent
        self.place = place
        self.openedAt = openedAt
        self.isSynchronous = isSynchronous
    }

    /// The innermost scope that the calling task is in, of whatever container.
    public static var current: Scope? {
        ScopeContext.current?.scope
    }

    /// Whether the scope takes requests.
    public var isOpen: Bool {
        self.cache.withLock { $0.isOpen }
    }

    /// The names from the root to this scope.
    public var path: String {
        var names = [self.name]
        var scope = self.parent
        while let above = scope {
            names.append(above.name)
            scope = above.parent
        }
        return names.reversed().joined(separator: " ▸ ")
    }

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
            tag: self.tag,
            parent: self.parent?.id,
            place: self.place,
            openedAt: self.openedAt
        )
        snapshot.state = state
        snapshot.books = books
        return snapshot
    }

    /// The instance this scope knows under `key`, counted as used; nil if it knows none or is closed. O(1).
    func known(_ key: KeyID) -> AnyInstance? {
        guard let instance = self.cache.withLock({ $0.instances[key] }) else { return nil }
        instance.uses.wrappingAdd(1, ordering: .relaxed)
        return instance
    }

    /// Remembers an answer; false if the scope closed meanwhile.
    func remember(_ instance: AnyInstance, under key: KeyID) -> Bool {
        self.cache.withLock { cache in
            guard cache.isOpen else { return false }
            cache.instances[key] = instance
            return true
        }
    }
}

public import Synchronization

/// A bounded lifetime: instances resolved in it are shared, then disposed when it closes.
///
/// Scopes nest. A scope is open until the end of its `withScope`, a call of ``close(_:within:)``, or the close of an enclosing scope. From
/// then on it refuses every request with ``ResourceError/Code/scopeClosed``.
public final class Scope: Sendable {
    /// The scope's identity within its container.
    public let id: ScopeID
    /// The scope's name; not necessarily unique.
    public let name: String
    /// The tag by which bindings with the lifetime ``Lifetime/tagged(_:)`` find the scope.
    public let tag: String?
    /// The enclosing scope; nil for the root.
    public let parent: Scope?
    /// The source location that opened the scope.
    public let location: CodeLocation
    /// The time at which the scope was opened, on the container's time source.
    public let openedAt: TimeSource.Instant
    let engine: Engine
    /// Whether the scope resolves only instances that can be created and disposed without suspending.
    let isSynchronous: Bool
    /// The number of enclosing scopes; 0 for the root.
    let depth: Int
    /// The scope's row in the registry, until it is closed.
    let row: Int
    /// The order in which the scope disposes its instances: serial or concurrent.
    public let disposal: StepOrder
    /// The bindings that override the container's in this scope; nil if there are none.
    let overlay: Overlay?
    /// Whether the scope has its own overlay and therefore takes the role of the root.
    let hasOverlay: Bool
    /// The trace that the scope belongs to; nil if the container has no tracer.
    public let traceID: TraceID?
    /// The span that records the scope; nil if it is not traced.
    let span: (any OperationSpan)?
    /// The keys of the values that the scope provides. The values themselves are in the cache until the scope closes.
    let values: [BindingID]
    @usableFromInline let cache = Lock(ScopeCache())

    init(_ opening: ScopeOpening, engine: Engine, id: ScopeID, row: Int, parent: Scope?, at now: TimeSource.Instant) {
        self.engine = engine
        self.id = id
        self.name = opening.name
        self.tag = opening.tag
        self.parent = parent
        self.location = opening.location
        self.openedAt = now
        self.isSynchronous = opening.isSynchronous
        self.row = row
        self.depth = parent.map { $0.depth + 1 } ?? 0
        self.disposal = opening.disposal ?? parent?.disposal ?? .serial
        let inherited = parent?.overlay
        let overlay = opening.overlay ?? inherited
        self.overlay = overlay
        self.hasOverlay = overlay !== inherited
        self.traceID = opening.traceID
        self.span = opening.span
        self.values = opening.values.isEmpty ? [] : opening.values.map(\.binding)
        for value in opening.values {
            // A new scope has no cached instance that the value could replace.
            _ = self.cache.withLock { $0.remember(value.instance, under: value.key) }
        }
    }

    deinit {
        let deferredReleases = self.cache.withLock { cache in
            var deferredReleases = DeferredReleases()
            cache.close(&deferredReleases)
            return deferredReleases
        }
        withExtendedLifetime(deferredReleases) {}
    }

    /// The innermost scope of the calling task, of any container.
    public static var current: Scope? {
        ScopeContext.current?.scope
    }

    /// Whether the scope accepts requests.
    public var isOpen: Bool {
        self.cache.withLock { $0.isOpen }
    }

    /// The report of the close; nil until the scope is closed.
    public var report: DisposeReport? {
        self.cache.withLock { $0.report }
    }

    /// The names from the root to this scope, separated by ` ▸ `. O(depth).
    public var path: String {
        var names = [self.name]
        var scope = self.parent
        while let above = scope {
            names.append(above.name)
            scope = above.parent
        }
        return names.reversed().joined(separator: " ▸ ").cleaned(limit: TextLimit.sentence)
    }

    /// The outermost enclosing scope, or this scope itself. O(depth).
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

    /// The order of disposal, if the scope disposes instances concurrently; otherwise nil.
    var concurrentDisposal: StepOrder? {
        self.isSynchronous || self.disposal.isSerial ? nil : self.disposal
    }

    /// The snapshot with the tag as the application wrote it. Cleaning the tag takes longer than the rest.
    func rawSnapshot(state: ScopeSnapshot.State, books: Books) -> ScopeSnapshot {
        var snapshot = ScopeSnapshot(
            id: self.id,
            name: self.name,
            tag: self.tag,
            parent: self.parent?.id,
            location: self.location,
            openedAt: self.openedAt
        )
        snapshot.state = state
        snapshot.disposal = self.concurrentDisposal
        snapshot.traceID = self.traceID
        if !self.values.isEmpty { snapshot.values = self.values }
        snapshot.books = books
        return snapshot
    }

    /// Returns the cached value for `key` and counts a use; nil if none is cached or the scope is closed. O(1).
    ///
    /// The value is copied while the lock is held, so the instance need not be retained beyond the lock.
    @inlinable
    func known<Value: Sendable>(_ key: ResourceKey<Value>) -> Value? {
        self.cache.withLock { cache in
            cache.withKnown(key.id) { instance in
                instance.uses.wrappingAdd(1, ordering: .relaxed)
                return Engine.value(of: instance, as: Value.self)
            }
        }
    }

    /// Caches `instance` under `key`. Returns false if the scope has closed.
    func remember(_ instance: AnyInstance, under key: KeyID) -> Bool {
        let (isOpen, replaced) = self.cache.withLock { cache -> (Bool, AnyInstance?) in
            cache.isOpen ? (true, cache.remember(instance, under: key)) : (false, nil)
        }
        withExtendedLifetime(replaced) {}
        return isOpen
    }
}

extension ScopeSnapshot {
    /// This snapshot with its tag cleaned for display.
    var withCleanTag: ScopeSnapshot {
        var snapshot = self
        snapshot.tag = self.tag?.asName
        return snapshot
    }
}

/// The parameters of a new scope.
struct ScopeOpening: Sendable {
    let name: String
    var tag: String?
    let location: CodeLocation
    var isSynchronous = false
    /// The disposal order; nil inherits that of the enclosing scope.
    var disposal: StepOrder?
    /// Bindings that override the container's inside the scope.
    var overlay: Overlay?
    /// The span that records the scope. The trace is read once, because a span is application code.
    var span: (any OperationSpan)?
    var traceID: TraceID?
    /// The values of the scope.
    var values: [ProvidedValue] = []

    init(name: String, tag: String? = nil, location: CodeLocation, isSynchronous: Bool = false, disposal: StepOrder? = nil) {
        self.name = name.asName
        self.tag = tag
        self.location = location
        self.isSynchronous = isSynchronous
        self.disposal = disposal
    }
}

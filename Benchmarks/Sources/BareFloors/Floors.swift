import Synchronization

// A separate module, like the library: a floor that is inlined into the benchmark would be unreachable for any library.

/// An empty resource.
public final class Plain: Sendable {
    /// Creates the resource.
    public init() {}
}

/// The floor of a lookup: a dictionary under a mutex.
public final class BareRegistry: Sendable {
    private let values = Mutex<[ObjectIdentifier: Plain]>([:])

    /// Creates a registry with one value.
    public init() {
        self.values.withLock { $0[ObjectIdentifier(Plain.self)] = Plain() }
    }

    /// Returns the value.
    public func get() -> Plain? {
        self.values.withLock { $0[ObjectIdentifier(Plain.self)] }
    }
}

/// The floor of a pool: a stack under a mutex with the same asynchronous `withLease`, without counts and times.
public final class BareStack: Sendable {
    private let items: Mutex<[Plain]>

    /// Creates a stack of `count` items.
    public init(count: Int) {
        self.items = Mutex((0..<count).map { _ in Plain() })
    }

    /// Runs `body` with an item, or returns nil if there is none.
    public nonisolated(nonsending) func withLease<Result>(_ body: nonisolated(nonsending) (Plain) async throws -> Result) async throws
        -> Result?
    {
        guard let item = self.items.withLock({ $0.popLast() }) else { return nil }
        defer { self.items.withLock { $0.append(item) } }
        return try await body(item)
    }
}

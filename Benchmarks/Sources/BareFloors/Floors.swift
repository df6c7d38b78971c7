import Synchronization

// In a module of their own, as the library is: a floor that is inlined into the benchmark would be one that no library can reach.

/// A resource without anything to do.
public final class Plain: Sendable {
    public init() {}
}

/// The floor of a look-up: a dictionary under a mutex.
public final class BareRegistry: Sendable {
    private let values = Mutex<[ObjectIdentifier: Plain]>([:])

    public init() {
        self.values.withLock { $0[ObjectIdentifier(Plain.self)] = Plain() }
    }

    public func get() -> Plain? {
        self.values.withLock { $0[ObjectIdentifier(Plain.self)] }
    }
}

/// The floor of a pool: a stack under a mutex, with the same asynchronous `withLease`, and nothing counted or timed.
public final class BareStack: Sendable {
    private let items: Mutex<[Plain]>

    public init(count: Int) {
        self.items = Mutex((0..<count).map { _ in Plain() })
    }

    public nonisolated(nonsending) func withLease<Result>(_ body: nonisolated(nonsending) (Plain) async throws -> Result) async throws
        -> Result?
    {
        guard let item = self.items.withLock({ $0.popLast() }) else { return nil }
        defer { self.items.withLock { $0.append(item) } }
        return try await body(item)
    }
}

/// References that a critical section drops, kept alive until its lock is released.
///
/// Releasing the last reference to a user's value runs its deinitializer, which is user code and must not run under a lock. Zero or one
/// reference, the usual case, needs no allocation.
struct DeferredReleases: @unchecked Sendable {
    // Sendable because the references are only retained and released, which the runtime does atomically.
    private var first: AnyObject?
    /// The references after the first. An empty array would be retained and released with each copy.
    private var others: [AnyObject]?

    var isEmpty: Bool {
        self.first == nil
    }

    /// Keeps `object` alive until this value is destroyed.
    mutating func add(_ object: AnyObject) {
        if self.first == nil {
            self.first = object
        } else if self.first !== object, self.others?.append(object) == nil {
            self.others = [object]
        }
    }

    /// Takes over the references of `more`.
    mutating func add(_ more: DeferredReleases) {
        if let first = more.first { self.add(first) }
        for other in more.others ?? [] { self.add(other) }
    }

    /// Keeps a value that is not an object alive, in a box.
    mutating func add<Value: Sendable>(boxed value: Value) {
        self.add(Box(value))
    }

    /// Returns the kept references and leaves none; nil if there is none. Destroy the result outside the lock.
    mutating func take() -> DeferredReleases? {
        if self.isEmpty { return nil }
        defer { self = DeferredReleases() }
        return self
    }

    private final class Box<Value: Sendable>: Sendable {
        let value: Value

        init(_ value: Value) {
            self.value = value
        }
    }
}

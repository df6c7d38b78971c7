/// What a critical section let go of: kept until the lock is released, because the deinitializer of a user's value is code of a user's.
///
/// Mostly there is one thing or none, which takes no memory of its own.
struct Leavings: @unchecked Sendable {
    // Sendable because nothing is done with the references but to keep them and to let go of them, which the runtime makes atomic.
    private var first: AnyObject?
    private var others: [AnyObject] = []

    var isEmpty: Bool {
        self.first == nil
    }

    /// Keeps `object` until these leavings go.
    mutating func add(_ object: AnyObject) {
        if self.first == nil { self.first = object } else if self.first !== object { self.others.append(object) }
    }

    mutating func add(_ more: Leavings) {
        if let first = more.first { self.add(first) }
        for other in more.others { self.add(other) }
    }

    /// Keeps a value that is no object.
    mutating func add<Value: Sendable>(boxed value: Value) {
        self.add(Box(value))
    }

    /// Everything up to now; nothing is left. Let go of the result outside of the lock.
    mutating func take() -> Leavings {
        if self.isEmpty { return Leavings() }
        defer { self = Leavings() }
        return self
    }

    private final class Box<Value: Sendable>: Sendable {
        let value: Value

        init(_ value: Value) {
            self.value = value
        }
    }
}

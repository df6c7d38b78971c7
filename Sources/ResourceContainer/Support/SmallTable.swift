/// A map from nonzero words to values: up to four entries inline, further ones in a hash table with linear probing.
///
/// Most scopes resolve a handful of keys; for them the table allocates nothing, and a lookup is one or two comparisons. Keys are addresses
/// or counters, never zero.
@usableFromInline
struct SmallTable<Value: Sendable>: Sendable {
    @usableFromInline
    struct Entry: Sendable {
        @usableFromInline var key: UInt
        @usableFromInline var value: Value

        @usableFromInline
        init(key: UInt, value: Value) {
            self.key = key
            self.value = value
        }
    }

    @usableFromInline var keys: InlineArray<4, UInt> = .init(repeating: 0)
    @usableFromInline var values: InlineArray<4, Value?> = .init(repeating: nil)
    /// The hash table: empty, or a power of two of entries of which at least a quarter are free.
    @usableFromInline var buckets: ContiguousArray<Entry?> = []
    private var used = 0

    init() {}

    @inlinable
    func find(_ key: UInt) -> Value? {
        if self.keys[0] == key { return self.values[0] }
        if self.keys[1] == key { return self.values[1] }
        if self.keys[2] == key { return self.values[2] }
        if self.keys[3] == key { return self.values[3] }
        return self.buckets.isEmpty ? nil : self.findElsewhere(key)
    }

    @inlinable
    func findElsewhere(_ key: UInt) -> Value? {
        var bucket = Self.start(of: key, among: self.buckets.count)
        while let entry = self.buckets[bucket] {
            if entry.key == key { return entry.value }
            bucket = (bucket + 1) & (self.buckets.count - 1)
        }
        return nil
    }

    /// Addresses and counters differ only in their low bits; the multiplication spreads them (Knuth, TAOCP 6.4).
    @inlinable
    static func start(of key: UInt, among count: Int) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (count - 1)
    }

    /// Inserts or replaces a value. Returns the previous value. O(1) amortized.
    @discardableResult
    mutating func insert(_ value: Value, for key: UInt) -> Value? {
        for index in 0..<4 where self.keys[index] == key {
            defer { self.values[index] = value }
            return self.values[index]
        }
        if !self.buckets.isEmpty, let before = self.findElsewhere(key) {
            self.bucket(Entry(key: key, value: value))
            return before
        }
        for index in 0..<4 where self.keys[index] == 0 {
            self.keys[index] = key
            self.values[index] = value
            return nil
        }
        if (self.used + 1) * 4 > self.buckets.count * 3 { self.rebuild(buckets: max(16, self.buckets.count * 2), without: 0) }
        self.bucket(Entry(key: key, value: value))
        return nil
    }

    private mutating func bucket(_ entry: Entry) {
        var bucket = Self.start(of: entry.key, among: self.buckets.count)
        while let there = self.buckets[bucket], there.key != entry.key { bucket = (bucket + 1) & (self.buckets.count - 1) }
        if self.buckets[bucket] == nil { self.used += 1 }
        self.buckets[bucket] = entry
    }

    /// Removes a value and returns it. O(1) for an inline entry, O(n) for a hashed one, which is rare.
    @discardableResult
    mutating func remove(_ key: UInt) -> Value? {
        for index in 0..<4 where self.keys[index] == key {
            defer {
                self.keys[index] = 0
                self.values[index] = nil
            }
            return self.values[index]
        }
        guard !self.buckets.isEmpty, let before = self.findElsewhere(key) else { return nil }
        self.rebuild(buckets: self.buckets.count, without: key)
        return before
    }

    /// Removes all values.
    mutating func removeAll() {
        self.removeAll { _ in }
    }

    /// Removes all values and passes each to `body`.
    mutating func removeAll(_ body: (Value) -> Void) {
        for index in 0..<4 {
            if let value = self.values[index] { body(value) }
            self.keys[index] = 0
            self.values[index] = nil
        }
        if self.buckets.isEmpty { return }
        for case .some(let entry) in self.buckets { body(entry.value) }
        self.buckets = []
        self.used = 0
    }

    private mutating func rebuild(buckets count: Int, without key: UInt) {
        let old = self.buckets
        self.buckets = ContiguousArray(repeating: nil, count: count)
        self.used = 0
        for case .some(let entry) in old where entry.key != key { self.bucket(entry) }
    }
}

/// A map from words to values: the first four entries in place, the others in a hash table with linear probing.
///
/// Most scopes answer a handful of keys; for them this allocates nothing, and a look-up is a comparison or two. Keys are addresses or
/// numbers, never zero.
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
    /// Empty, or a power of two of places of which at least a quarter is free.
    @usableFromInline var places: ContiguousArray<Entry?> = []
    private var used = 0

    init() {}

    @inlinable
    func find(_ key: UInt) -> Value? {
        if self.keys[0] == key { return self.values[0] }
        if self.keys[1] == key { return self.values[1] }
        if self.keys[2] == key { return self.values[2] }
        if self.keys[3] == key { return self.values[3] }
        return self.places.isEmpty ? nil : self.findElsewhere(key)
    }

    @inlinable
    func findElsewhere(_ key: UInt) -> Value? {
        var place = Self.start(of: key, among: self.places.count)
        while let entry = self.places[place] {
            if entry.key == key { return entry.value }
            place = (place + 1) & (self.places.count - 1)
        }
        return nil
    }

    /// Addresses and counted numbers differ in their low bits only: a multiplication spreads them (Knuth, TAOCP 6.4).
    @inlinable
    static func start(of key: UInt, among count: Int) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (count - 1)
    }

    /// Returns the value that was there before.
    @discardableResult
    mutating func insert(_ value: Value, for key: UInt) -> Value? {
        for index in 0..<4 where self.keys[index] == key {
            defer { self.values[index] = value }
            return self.values[index]
        }
        if !self.places.isEmpty, let before = self.findElsewhere(key) {
            self.place(Entry(key: key, value: value))
            return before
        }
        for index in 0..<4 where self.keys[index] == 0 {
            self.keys[index] = key
            self.values[index] = value
            return nil
        }
        if (self.used + 1) * 4 > self.places.count * 3 { self.rebuild(places: max(16, self.places.count * 2), without: 0) }
        self.place(Entry(key: key, value: value))
        return nil
    }

    private mutating func place(_ entry: Entry) {
        var place = Self.start(of: entry.key, among: self.places.count)
        while let there = self.places[place], there.key != entry.key { place = (place + 1) & (self.places.count - 1) }
        if self.places[place] == nil { self.used += 1 }
        self.places[place] = entry
    }

    /// Returns the value that was there. O(1) for an entry in place, O(n) for another: rare.
    @discardableResult
    mutating func remove(_ key: UInt) -> Value? {
        for index in 0..<4 where self.keys[index] == key {
            defer {
                self.keys[index] = 0
                self.values[index] = nil
            }
            return self.values[index]
        }
        guard !self.places.isEmpty, let before = self.findElsewhere(key) else { return nil }
        self.rebuild(places: self.places.count, without: key)
        return before
    }

    /// Empties the table, and shows what was in it to `body`.
    mutating func removeAll(_ body: (Value) -> Void) {
        for index in 0..<4 {
            if let value = self.values[index] { body(value) }
            self.keys[index] = 0
            self.values[index] = nil
        }
        if self.places.isEmpty { return }
        for case .some(let entry) in self.places { body(entry.value) }
        self.places = []
        self.used = 0
    }

    private mutating func rebuild(places count: Int, without key: UInt) {
        let old = self.places
        self.places = ContiguousArray(repeating: nil, count: count)
        self.used = 0
        for case .some(let entry) in old where entry.key != key { self.place(entry) }
    }
}

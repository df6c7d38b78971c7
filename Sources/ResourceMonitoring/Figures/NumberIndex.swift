/// A map from numbers to indices of a table: a hash table with linear probing.
///
/// A dictionary spends most of its time on its hash function, which takes values of any size. Here it is one multiplication (multiply-shift
/// hashing of Dietzfelbinger et al., 1997) by a number that is random for each process, so that a hostile recording cannot choose numbers that
/// collide. Every operation is O(1) on average.
struct NumberIndex: Sendable {
    /// The numbers and indices. An index is negative where there is no entry.
    private var entries: ContiguousArray<(number: UInt64, index: Int32)>
    private(set) var count = 0
    /// The number of bits that a hash does not use: 64 minus the logarithm of the number of entries.
    private var shift: UInt64 = 60

    private static let multiplier = UInt64.random(in: .min ... .max) | 1

    init() {
        self.entries = ContiguousArray(repeating: (0, -1), count: 16)
    }

    /// The index of `number`.
    func find(_ number: UInt64) -> Int? {
        var place = self.start(of: number)
        while self.entries[place].index >= 0 {
            if self.entries[place].number == number { return Int(self.entries[place].index) }
            place = self.place(after: place)
        }
        return nil
    }

    /// Sets the index of a number that has none.
    mutating func insert(_ index: Int32, for number: UInt64) {
        if (self.count + 1) * 2 > self.entries.count { self.grow() }
        self.count += 1
        self.place(index, for: number)
    }

    /// Removes a number that has an index. The entries behind it move up, so that no search ends early.
    mutating func remove(_ number: UInt64) {
        var place = self.start(of: number)
        while self.entries[place].number != number || self.entries[place].index < 0 {
            guard self.entries[place].index >= 0 else { return }
            place = self.place(after: place)
        }
        self.count -= 1
        var next = self.place(after: place)
        while self.entries[next].index >= 0 {
            let start = self.start(of: self.entries[next].number)
            // An entry moves if its search passes the gap.
            if self.distance(from: start, to: next) >= self.distance(from: place, to: next) {
                self.entries[place] = self.entries[next]
                place = next
            }
            next = self.place(after: next)
        }
        self.entries[place].index = -1
    }

    private mutating func place(_ index: Int32, for number: UInt64) {
        var place = self.start(of: number)
        while self.entries[place].index >= 0 { place = self.place(after: place) }
        self.entries[place] = (number, index)
    }

    private mutating func grow() {
        let before = self.entries
        self.entries = ContiguousArray(repeating: (0, -1), count: before.count * 2)
        self.shift -= 1
        for entry in before where entry.index >= 0 { self.place(entry.index, for: entry.number) }
    }

    /// The place at which the search for a number starts.
    private func start(of number: UInt64) -> Int {
        Int(truncatingIfNeeded: (number &* Self.multiplier) >> self.shift)
    }

    private func place(after place: Int) -> Int {
        (place + 1) & (self.entries.count - 1)
    }

    private func distance(from start: Int, to end: Int) -> Int {
        (end - start) & (self.entries.count - 1)
    }
}

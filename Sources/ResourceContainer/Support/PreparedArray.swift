/// An array whose memory is allocated and touched before its elements are appended.
///
/// Appends up to the prepared count neither allocate nor fault pages in. An array that is prepared before a lock is taken and filled under
/// it shortens the time for which the lock is held.
struct PreparedArray<Element: Sendable>: Sendable {
    private var slots: ContiguousArray<Element>
    /// The number of appended elements.
    private(set) var count = 0

    /// Allocates memory for `count` elements and fills it with `placeholder`.
    init(count: Int, filledWith placeholder: Element) {
        self.slots = ContiguousArray(repeating: placeholder, count: count)
    }

    /// Appends an element. O(1); allocates only beyond the prepared count.
    mutating func append(_ element: Element) {
        if self.count < self.slots.count { self.slots[self.count] = element } else { self.slots.append(element) }
        self.count += 1
    }

    /// The appended elements.
    var elements: ArraySlice<Element> {
        self.slots[..<self.count]
    }
}

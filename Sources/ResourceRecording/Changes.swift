/// The changes of a list since the previous line. Most sampled figures do not change between samples.
struct Changes<Element: Codable & Equatable & Sendable>: Codable, Sendable {
    struct Item: Codable, Sendable {
        var at: Int
        var new: Element
    }

    /// The number of elements after the change.
    var count: Int
    var items: [Item]

    /// Returns nil if the lists are equal.
    init?(from old: [Element], to new: [Element]) {
        let items = new.indices.filter { !old.indices.contains($0) || old[$0] != new[$0] }.map { Item(at: $0, new: new[$0]) }
        if items.isEmpty, old.count == new.count { return nil }
        self.count = new.count
        self.items = items
    }

    /// The list after the change; nil if these are not changes of `old`.
    func applied(to old: [Element]) -> [Element]? {
        var new = Array(old.prefix(max(0, self.count)))
        for item in self.items {
            if item.at == new.count {
                new.append(item.new)
            } else if new.indices.contains(item.at) {
                new[item.at] = item.new
            } else {
                return nil
            }
        }
        return new.count == self.count ? new : nil
    }
}

import HeapModule

/// Which resources of one scope can be disposed at a moment: those all of whose dependents are gone, in the order of ``TeardownOrder``.
///
/// Taking one at a time gives that very order.
package struct TeardownSchedule: Sendable {
    /// The resources in the order of disposal.
    private let order: [ResourceID]
    private let places: [ResourceID: Int]
    /// What each depends on, by its place; all of it comes later in the order.
    private let dependencies: [[Int]]
    /// How many dependents of each are not gone.
    private var dependents: [Int]
    /// The places of those that can be taken.
    private var free = Heap<Int>()

    /// The schedule of `items`. O(n log n + edges).
    package init(_ items: [TeardownOrder.Item]) {
        let order = TeardownOrder.plan(items)
        var places: [ResourceID: Int] = [:]
        for (place, id) in order.enumerated() { places[id] = place }
        var dependencies = [[Int]](repeating: [], count: order.count)
        var dependents = [Int](repeating: 0, count: order.count)
        for item in items {
            guard let place = places[item.id] else { continue }
            // Edges that came late may form a circle, which the order cuts open somewhere: what comes earlier waits for nothing later.
            for dependency in Set(item.dependencies) {
                guard let later = places[dependency], later > place else { continue }
                dependencies[place].append(later)
                dependents[later] += 1
            }
        }
        self.order = order
        self.places = places
        self.dependencies = dependencies
        self.dependents = dependents
        for place in order.indices where dependents[place] == 0 { self.free.insert(place) }
    }

    /// Takes the first resource that nothing depends on any more; nil if there is none at the moment. O(log n).
    package mutating func next() -> ResourceID? {
        self.free.popMin().map { self.order[$0] }
    }

    /// A resource that was taken is gone. O(dependencies × log n).
    package mutating func ended(_ id: ResourceID) {
        guard let place = self.places[id] else { return }
        for dependency in self.dependencies[place] {
            self.dependents[dependency] -= 1
            if self.dependents[dependency] == 0 { self.free.insert(dependency) }
        }
    }
}

extension TeardownOrder {
    /// The order of disposal for `items` in stages: the resources of one stage may be disposed side by side, for none of them depends on
    /// another of it, and what depends on them is in the stages before. O(n log n + edges).
    public static func stages(_ items: [Item]) -> [[ResourceID]] {
        let order = Self.plan(items)
        var places: [ResourceID: Int] = [:]
        for (place, id) in order.enumerated() { places[id] = place }
        var dependencies: [ResourceID: [ResourceID]] = [:]
        for item in items { dependencies[item.id] = item.dependencies }
        var depths = [Int](repeating: 0, count: order.count)
        var stages: [[ResourceID]] = []
        for (place, id) in order.enumerated() {
            for dependency in dependencies[id] ?? [] {
                guard let later = places[dependency], later > place else { continue }
                depths[later] = max(depths[later], depths[place] + 1)
            }
            while stages.count <= depths[place] { stages.append([]) }
            stages[depths[place]].append(id)
        }
        return stages
    }
}

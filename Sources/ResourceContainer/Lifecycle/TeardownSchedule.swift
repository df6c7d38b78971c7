import HeapModule

/// The resources of a scope that can be disposed at a given time: those without remaining dependents, in the order of ``TeardownOrder``.
///
/// Taking one resource at a time yields exactly that order.
package struct TeardownSchedule: Sendable {
    /// The resources in the order of disposal.
    private let order: [ResourceID]
    private let indices: [ResourceID: Int]
    /// The dependencies of each resource, as indices into `order`. All of them come later in the order.
    private let dependencies: [[Int]]
    /// The number of remaining dependents of each resource.
    private var dependents: [Int]
    /// The indices of the resources that can be taken.
    private var free = Heap<Int>()

    /// Creates the schedule of `items`. O(n log n + edges).
    package init(_ items: [TeardownOrder.Item]) {
        let order = TeardownOrder.plan(items)
        var indices: [ResourceID: Int] = [:]
        for (index, id) in order.enumerated() { indices[id] = index }
        var dependencies = [[Int]](repeating: [], count: order.count)
        var dependents = [Int](repeating: 0, count: order.count)
        for item in items {
            guard let index = indices[item.id] else { continue }
            // Late dependencies may form a cycle. The order breaks it at one edge, which is ignored here: a resource never waits for a
            // later one.
            for dependency in Set(item.dependencies) {
                guard let later = indices[dependency], later > index else { continue }
                dependencies[index].append(later)
                dependents[later] += 1
            }
        }
        self.order = order
        self.indices = indices
        self.dependencies = dependencies
        self.dependents = dependents
        for index in order.indices where dependents[index] == 0 { self.free.insert(index) }
    }

    /// Takes the first resource without remaining dependents. Returns nil if there is none at the moment. O(log n).
    package mutating func next() -> ResourceID? {
        self.free.popMin().map { self.order[$0] }
    }

    /// Marks a resource that was taken as disposed. O(dependencies × log n).
    package mutating func ended(_ id: ResourceID) {
        guard let index = self.indices[id] else { return }
        for dependency in self.dependencies[index] {
            self.dependents[dependency] -= 1
            if self.dependents[dependency] == 0 { self.free.insert(dependency) }
        }
    }
}

extension TeardownOrder {
    /// The order of disposal for `items` in stages. The resources of one stage do not depend on each other and may be disposed
    /// concurrently; their dependents are in earlier stages. O(n log n + edges).
    public static func stages(_ items: [Item]) -> [[ResourceID]] {
        let order = Self.plan(items)
        var indices: [ResourceID: Int] = [:]
        for (index, id) in order.enumerated() { indices[id] = index }
        var dependencies: [ResourceID: [ResourceID]] = [:]
        for item in items { dependencies[item.id] = item.dependencies }
        var depths = [Int](repeating: 0, count: order.count)
        var stages: [[ResourceID]] = []
        for (index, id) in order.enumerated() {
            for dependency in dependencies[id] ?? [] {
                guard let later = indices[dependency], later > index else { continue }
                depths[later] = max(depths[later], depths[index] + 1)
            }
            while stages.count <= depths[index] { stages.append([]) }
            stages[depths[index]].append(id)
        }
        return stages
    }
}

/// The order in which the resources of one scope are disposed: every dependent before its dependency, the rest newest first.
///
/// One function serves the container, which acts on it, and the dashboard, which previews it.
public enum TeardownOrder {
    /// What the order depends on.
    public struct Item: Sendable, Hashable {
        /// The resource.
        public var id: ResourceID
        /// Its place in the order of becoming ready.
        public var readyOrder: UInt64
        /// The resources it depends on; those not among the items are ignored.
        public var dependencies: [ResourceID]

        public init(id: ResourceID, readyOrder: UInt64, dependencies: [ResourceID]) {
            self.id = id
            self.readyOrder = readyOrder
            self.dependencies = dependencies
        }
    }

    /// The order of disposal for `items`. O(n log n + edges).
    ///
    /// A dependency is normally ready before its dependent, and then newest-first is already right; an edge that was recorded after
    /// its dependent became ready is what the search below is for. Should such late edges form a cycle, the newest of it goes first.
    public static func plan(_ items: [Item]) -> [ResourceID] {
        let newestFirst = items.sorted { $0.readyOrder > $1.readyOrder }
        var orders: [ResourceID: UInt64] = [:]
        for item in newestFirst { orders[item.id] = item.readyOrder }
        var dependents: [ResourceID: [Int]] = [:]
        var isAlreadyRight = true
        for (index, item) in newestFirst.enumerated() {
            for dependency in item.dependencies {
                guard let order = orders[dependency], dependency != item.id else { continue }
                dependents[dependency, default: []].append(index)
                if order > item.readyOrder { isAlreadyRight = false }
            }
        }
        if isAlreadyRight { return newestFirst.map(\.id) }

        var result: [ResourceID] = []
        result.reserveCapacity(items.count)
        var visited = [Bool](repeating: false, count: newestFirst.count)
        // An explicit stack: a chain of dependents can be longer than the thread's stack is deep.
        for start in newestFirst.indices where !visited[start] {
            var stack: [(index: Int, next: Int)] = [(start, 0)]
            visited[start] = true
            while let top = stack.last {
                let above = dependents[newestFirst[top.index].id] ?? []
                if top.next < above.count {
                    stack[stack.count - 1].next += 1
                    let index = above[top.next]
                    if !visited[index] {
                        visited[index] = true
                        stack.append((index, 0))
                    }
                } else {
                    result.append(newestFirst[top.index].id)
                    stack.removeLast()
                }
            }
        }
        return result
    }
}

/// The order in which a scope disposes its resources: dependents before their dependencies, otherwise the newest first.
///
/// The container closes scopes in this order, and the dashboard previews it with the same function.
package enum TeardownOrder {
    /// A resource and the properties that determine its position.
    package struct Item: Sendable, Hashable {
        /// The identity of the resource.
        package var id: ResourceID
        /// The position in the order in which resources became ready.
        package var readyOrder: UInt64
        /// The resources it depends on. Resources that are not among the items are ignored.
        package var dependencies: [ResourceID]

        /// Creates an item.
        package init(id: ResourceID, readyOrder: UInt64, dependencies: [ResourceID]) {
            self.id = id
            self.readyOrder = readyOrder
            self.dependencies = dependencies
        }
    }

    /// The order of disposal for `items`. O(n log n + edges).
    ///
    /// A dependency normally becomes ready before its dependent, and newest-first order is then correct. Dependencies that were added after
    /// the dependent became ready can contradict it and require a search. If such dependencies form a cycle, the newest resource of the
    /// cycle comes first.
    package static func plan(_ items: [Item]) -> [ResourceID] {
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
        // An explicit stack, because a chain of dependents can be longer than the thread's stack allows.
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

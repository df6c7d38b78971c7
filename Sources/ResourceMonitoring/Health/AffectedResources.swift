import ResourceContainer

/// Finds the unhealthy resources that a resource depends on, directly or indirectly. O(resources and dependencies) in total.
struct AffectedResources {
    private let dependencies: [ResourceID: [ResourceID]]
    private let ill: Set<ResourceID>
    private var known: [ResourceID: Set<ResourceID>] = [:]

    init(dependencies: [ResourceID: [ResourceID]], ill: Set<ResourceID>) {
        self.dependencies = dependencies
        self.ill = ill
    }

    /// The unhealthy resources that `id` depends on, without itself, ordered by identity.
    mutating func causes(of id: ResourceID) -> [ResourceID] {
        if self.ill.isEmpty { return [] }
        return self.reached(from: id).subtracting([id]).sorted()
    }

    /// Depth first with an explicit stack: a chain of dependencies may exceed the call stack.
    private mutating func reached(from start: ResourceID) -> Set<ResourceID> {
        var path: [(id: ResourceID, next: Int)] = [(start, 0)]
        var onPath: Set<ResourceID> = [start]
        while let (id, next) = path.last {
            let below = self.dependencies[id] ?? []
            if self.known[id] == nil, next < below.count {
                path[path.count - 1].next += 1
                // In a cycle, a resource already on the path adds nothing.
                if self.known[below[next]] == nil, onPath.insert(below[next]).inserted { path.append((below[next], 0)) }
                continue
            }
            if self.known[id] == nil {
                var causes: Set<ResourceID> = []
                for dependency in below {
                    if self.ill.contains(dependency) { causes.insert(dependency) }
                    causes.formUnion(self.known[dependency] ?? [])
                }
                self.known[id] = causes
            }
            onPath.remove(id)
            path.removeLast()
        }
        return self.known[start] ?? []
    }
}

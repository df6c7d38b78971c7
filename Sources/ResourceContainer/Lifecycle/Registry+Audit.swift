extension Registry {
    /// The inconsistencies of the tables. Empty at every step of a correct run. O(all tables), intended for simulations.
    func audit() -> [String] {
        var faults: [String] = []
        if !self.books.isBalanced { faults.append("the container's books do not balance: \(self.books)") }
        for key in self.keys where !key.books.isBalanced {
            faults.append("the books of \(key.shown.label) do not balance: \(key.books)")
        }
        if self.outcomes.total != self.closedScopes {
            faults.append("\(self.closedScopes) scopes are closed, but the outcomes are \(self.outcomes)")
        }
        var active = Books()
        for index in self.resources.indices {
            let row = self.resources[index]
            if !self.scopes.isInUse(row.scope) { faults.append("\(row.id) outlives its scope") }
            if row.binding.options.owned { active.enter(row.state) }
            if row.state != .initializing, row.instance == nil { faults.append("\(row.id) is \(row.state.rawValue) without an instance") }
        }
        let dependencies = self.resources.indices.reduce(0) { $0 + self.resources[$1].dependencies.count }
        if dependencies != self.dependencyCount {
            faults.append("\(self.dependencyCount) dependencies are counted, but \(dependencies) exist")
        }
        if (active.initializing, active.ready, active.disposing) != (self.books.initializing, self.books.ready, self.books.disposing) {
            faults.append("the books differ from the active instances: \(self.books), but \(active)")
        }
        for index in self.scopes.indices {
            let row = self.scopes[index]
            if !row.books.isBalanced { faults.append("the books of \(row.scope.name) do not balance: \(row.books)") }
            let owned = Array(self.resources.backwards(row.owned))
            if owned.contains(where: { self.resources[$0].scope != index }) { faults.append("\(row.scope.name) lists another's instances") }
            let underWay = owned.count { self.resources[$0].state != .ready }
            if underWay != row.underWay { faults.append("\(row.scope.name) counts \(row.underWay) busy instances, but \(underWay) are") }
            if let parent = row.scope.parent, !self.holds(parent) { faults.append("\(row.scope.name) outlives its parent") }
            let ready = owned.reversed().filter { self.resources[$0].state == .ready }.map { self.resources[$0].readyOrder }
            if ready != ready.sorted() { faults.append("\(row.scope.name) lists its instances out of order") }
        }
        if !self.valueNeeds.isEmpty {
            let instances = Set(self.resources.indices.map { self.resources[$0].id })
            if !instances.isSuperset(of: self.valueNeeds.keys) { faults.append("the dependencies on values outlive their instances") }
        }
        return faults
    }

    /// The number of rows and entries of all tables.
    var sizes: [String: Int] {
        [
            "scopes": self.scopes.count, "apart": self.apart.count, "resources": self.resources.count, "pools": self.pools.count,
            "watchers": self.watchers.count,
            "health": self.health.count, "abandoned": self.abandoned.count, "outliving": self.outliving.count,
            "scope rows": self.scopes.capacity, "resource rows": self.resources.capacity, "edges": self.observedEdges.count,
            "waiting subscribers": self.log.waitingCount, "key rows": self.keys.count,
            "binding rows": self.keys.count { $0.binding != nil },
            "fallbacks": self.fallbackUses.count, "aliases": self.resources.indices.reduce(0) { $0 + self.resources[$1].aliases.count },
            "subscriber rows": self.log.subscribers, "value needs": self.valueNeeds.count,
        ]
    }
}

extension Container {
    /// See ``Registry/audit()``.
    package func audit() -> [String] {
        self.engine.locked { $0.audit() }
    }

    /// See ``Registry/sizes``.
    package var tableSizes: [String: Int] {
        self.engine.locked { $0.sizes }
    }

    /// The number of events kept for subscribers. Zero without subscribers, and at most the capacity of the ring.
    package var keptEvents: Int {
        self.engine.locked { $0.log.keptCount }
    }
}

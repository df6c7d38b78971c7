extension Container {
    /// Returns the object that another module keeps with this container for the container's lifetime. A container has at most one.
    ///
    /// Health state is kept this way: the container does not depend on the module for health checks, and all checkers, monitors, and
    /// dashboards of a container must share the same state.
    ///
    /// - Parameter make: Creates the object if there is none; without it, the method returns nil. If two callers create an object at the
    ///   same time, both receive the one that was stored first.
    package func companion<Value: AnyObject & Sendable>(makingIfAbsent make: (() -> Value)? = nil) -> Value? {
        if let present = self.engine.companion.withLock({ $0 }) { return present as? Value }
        guard let made = make?() else { return nil }
        let first = self.engine.companion.withLock { companion -> any AnyObject & Sendable in
            if let companion { return companion }
            companion = made
            return made
        }
        return first as? Value
    }

    /// Returns the bindings that have a ready instance. O(bindings).
    package func readyBindings() -> [BindingID] {
        self.engine.locked { registry in
            var ready: [BindingID] = []
            for (index, key) in registry.keys.enumerated() where key.books.ready > 0 { ready.append(BindingID(index)) }
            return ready
        }
    }
}

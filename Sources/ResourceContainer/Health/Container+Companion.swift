extension Container {
    /// An object that another library keeps with this container as long as it lives; one per container, of one type.
    ///
    /// What health checkers know is kept this way: the container cannot know the library of health checks, and all checkers, monitors and
    /// dashboards of one container have to find the same.
    ///
    /// - Parameter make: makes the object if there is none yet; without it, nil is returned then. Two callers at once may both make one; both
    ///   get the one that was first.
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

    /// The bindings of which an instance is ready at the moment. O(bindings).
    package func readyBindings() -> [BindingID] {
        self.engine.locked { registry in
            var ready: [BindingID] = []
            for (index, key) in registry.keys.enumerated() where key.books.ready > 0 { ready.append(BindingID(index)) }
            return ready
        }
    }
}

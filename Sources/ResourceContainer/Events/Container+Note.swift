extension Container {
    /// Records `text` as a ``ResourceEvent/Kind/noted(_:)`` event of `scope` that concerns no instance, such as an action from outside of the
    /// program. Does nothing once the container is closed.
    package func note(_ text: String, in scope: ScopeID = .root) {
        let (now, text) = (self.engine.now, text.asSentence)
        self.engine.locked { registry in
            if registry.isClosed { return }
            registry.log.append(.boxed(.noted(text)), scope: scope, at: now)
        }
    }
}

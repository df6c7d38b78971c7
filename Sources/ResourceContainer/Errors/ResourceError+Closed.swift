extension ResourceError {
    /// The error of a scope that is closing or closed. For the root scope it names the container, for others also the state of the
    /// container.
    static func closed(_ scope: Scope, key: String? = nil, refused: String) -> ResourceError {
        let root = scope.root
        let isDropped = root.engine.isDropped
        if scope.parent == nil {
            return isDropped
                ? .containerDropped(root, key: key, refused: refused)
                : .containerClosed(root.name, key: key, refused: refused, isClosing: root.report == nil)
        }
        let remedy =
            if isDropped {
                "its container \(root.name) was dropped without being closed: keep the container while its scopes are in use"
            } else if root.isOpen {
                Self.inherited(by: scope).map { name in
                    "a task started in scope \(name) inherits it, and runs longer than it is open: await the task in that scope, or do its work "
                        + "in container.withDetachedScope { … }"
                } ?? "use a scope that is still open"
            } else {
                "its container \(root.name) is closed as well: create another container"
            }
        return ResourceError(
            .scopeClosed,
            key: key,
            scope: scope.name,
            "scope \(scope.name) (opened at \(scope.location)) is closing or closed, and refused \(refused): \(remedy)"
        )
    }

    /// The name of the outermost closed scope around `scope`, if the calling task runs in `scope` or in a scope inside it; nil otherwise.
    ///
    /// Such a task was started in the body of a scope and has outlived it, or its scope was closed with an enclosing one.
    private static func inherited(by scope: Scope) -> String? {
        guard let context = ScopeContext.find(scope.engine), case .body = context.activity, context.scope.isSameOrBelow(scope) else {
            return nil
        }
        var outermost = scope
        while let outer = outermost.parent, !outer.isOpen { outermost = outer }
        return outermost.name
    }

    /// The error of a container that is closing or closed.
    static func containerClosed(_ container: String, key: String? = nil, refused: String, isClosing: Bool = false) -> ResourceError {
        ResourceError(
            .containerClosed,
            key: key,
            scope: container,
            "container \(container) is \(isClosing ? "closing" : "closed"), and refused \(refused): create another container"
        )
    }

    private static func containerDropped(_ root: Scope, key: String?, refused: String) -> ResourceError {
        ResourceError(
            .containerClosed,
            key: key,
            scope: root.name,
            "container \(root.name) (created at \(root.location)) was dropped without being closed, and refused \(refused): "
                + "keep the container while its scopes are in use"
        )
    }

    /// The error of a request that waited for an instance when its container was dropped.
    static func dropped(_ binding: String, in root: Scope) -> ResourceError {
        ResourceError(
            .initializationAbandoned,
            key: binding,
            scope: root.name,
            "container \(root.name) (created at \(root.location)) was dropped while \(binding) was initializing: "
                + "keep the container while its scopes are in use, and close it"
        )
    }
}

extension ResourceError {
    /// A scope that is closing or closed refused something. The root is the container, and what was opened in it can be told of that.
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
                "nobody refers to its container \(root.name) any more: keep the container for as long as its scopes are used"
            } else if root.isOpen {
                "use a scope that is still open"
            } else {
                "its container \(root.name) is closed as well: make another container"
            }
        return ResourceError(
            .scopeClosed,
            key: key,
            scope: scope.name,
            "scope \(scope.name) (opened at \(scope.place)) is closing or closed, and refused \(refused): \(remedy)"
        )
    }

    /// A container that is closing or closed refused something.
    static func containerClosed(_ container: String, key: String? = nil, refused: String, isClosing: Bool = false) -> ResourceError {
        ResourceError(
            .containerClosed,
            key: key,
            scope: container,
            "container \(container) is \(isClosing ? "being closed" : "closed"), and refused \(refused): make another container"
        )
    }

    private static func containerDropped(_ root: Scope, key: String?, refused: String) -> ResourceError {
        ResourceError(
            .containerClosed,
            key: key,
            scope: root.name,
            "container \(root.name) (made at \(root.place)) is closed, since nobody refers to it any more, and refused \(refused): "
                + "keep the container for as long as its scopes are used"
        )
    }

    /// What a request is told that waited for an instance of a container that nobody refers to any more.
    static func dropped(_ binding: String, in root: Scope) -> ResourceError {
        ResourceError(
            .initialisationAbandoned,
            key: binding,
            scope: root.name,
            "container \(root.name) (made at \(root.place)) was dropped while \(binding) was being made: "
                + "keep the container for as long as its scopes are used, and close it"
        )
    }
}

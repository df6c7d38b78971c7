/// The lifetime of a binding's instances, and the requesters that share them.
public enum Lifetime: Hashable, Sendable, Codable {
    /// One instance for the container, owned by the root scope.
    case singleton
    /// One instance for a scope and its nested scopes, owned by the scope that requests it first.
    case scoped
    /// One instance for the nearest enclosing scope with this tag and its nested scopes, owned by that scope.
    case tagged(String)
    /// A new instance for every request, owned by the requesting scope.
    case transient
}

extension Lifetime {
    /// The lifetime in words, such as `singleton`.
    var label: String {
        switch self {
        case .singleton: "singleton"
        case .scoped: "scoped"
        case .tagged(let tag): "scoped to \(tag.asName)"
        case .transient: "transient"
        }
    }

    /// This lifetime with its tag cleaned for display, as snapshots and recordings store it.
    var asText: Lifetime {
        if case .tagged(let tag) = self { .tagged(tag.asName) } else { self }
    }
}

extension Lifetime: CustomStringConvertible {
    /// The name of the lifetime.
    public var description: String {
        self.label
    }
}

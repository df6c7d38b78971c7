extension Books: CustomStringConvertible {
    /// The counts in one line, without those that are zero.
    public var description: String {
        let counts = [
            (self.initializing, "initializing"), (self.ready, "ready"), (self.disposing, "disposing"), (self.disposed, "disposed"),
            (self.initFailed, "failed to initialize"), (self.abandoned, "abandoned"), (self.errors, "errors"),
        ]
        return (["\(self.created) created"] + counts.filter { $0.0 != 0 }.map { "\($0.0) \($0.1)" }).joined(separator: ", ")
    }
}

extension BindingSnapshot: CustomStringConvertible {
    /// The label, lifetime, source location, and counts in one line.
    public var description: String {
        "\(self.label) (\(self.lifetime), bound at \(self.location)): \(self.books)".asReport
    }
}

extension ScopeSnapshot: CustomStringConvertible {
    /// The name, identity, tag, source location, state, and counts in one line.
    public var description: String {
        let tag = self.tag.map { ", tag \($0)" } ?? ""
        return "\(self.name) (\(self.id)\(tag), opened at \(self.location), \(self.state.rawValue)): \(self.books)".asReport
    }
}

extension ResourceSnapshot: CustomStringConvertible {
    /// The identity, binding, scope, and state in one line.
    public var description: String {
        "\(self.id) of \(self.binding) in \(self.scope), \(self.state.rawValue)"
    }
}

extension ContainerSnapshot: CustomStringConvertible {
    /// The name, last event, sizes, and counts in one line.
    public var description: String {
        let size = "\(self.bindings.count) bindings, \(self.scopes.count) scopes"
        return "container \(self.container) after event \(self.sequence): \(size), \(self.books)".asReport
    }
}

extension LiveResource: CustomStringConvertible {
    /// The label, identity, scope, and state in one line.
    public var description: String {
        let fallback = self.fallbackFor.map { ", fallback for \($0)" } ?? ""
        return "\(self.label)\(self.id) in \(self.scope), \(self.state.rawValue)\(fallback)"
    }
}

extension OutlivingResource: CustomStringConvertible {
    /// The label, identity, scope, and source location in one line.
    public var description: String {
        "\(self.label)\(self.resource) of scope \(self.scope) (bound at \(self.location)) was disposed and is still referenced".asReport
    }
}

extension ValidationReport: CustomStringConvertible {
    /// The problems, separated by semicolons; at most 20 of them.
    public var description: String {
        let limit = 20
        let rest = self.notAnalyzed.isEmpty ? "" : "; \(self.notAnalyzed.count) are not analyzed"
        if self.problems.isEmpty { return "the bindings are valid\(rest)" }
        let more = self.problems.count > limit ? ["and \(self.problems.count - limit) more"] : []
        return (self.problems.prefix(limit).map(\.description) + more).joined(separator: "; ").asReport
    }
}

extension DependencyGraph: CustomStringConvertible {
    /// The graph as a tree; see ``text``.
    public var description: String {
        self.text
    }
}

extension Container: CustomStringConvertible {
    /// The name of the container, as in `container shop`.
    public var description: String {
        "container \(self.name)"
    }
}

extension Scope: CustomStringConvertible {
    /// The identity and the path of the scope.
    public var description: String {
        "\(self.id) \(self.path)"
    }
}

extension ResourceKey: CustomStringConvertible {
    /// The label of the key, such as `Database(primary)`.
    public var description: String {
        self.label
    }
}

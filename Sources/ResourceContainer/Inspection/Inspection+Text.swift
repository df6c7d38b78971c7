extension Books: CustomStringConvertible {
    /// The counts in one line; those that are zero are left out.
    public var description: String {
        let counts = [
            (self.initialising, "initializing"), (self.ready, "ready"), (self.disposing, "disposing"), (self.disposed, "disposed"),
            (self.initFailed, "failed to initialize"), (self.abandoned, "abandoned"), (self.errors, "errors"),
        ]
        return (["\(self.created) created"] + counts.filter { $0.0 != 0 }.map { "\($0.0) \($0.1)" }).joined(separator: ", ")
    }
}

extension Lifetime: CustomStringConvertible {
    public var description: String {
        self.label
    }
}

extension BindingSnapshot: CustomStringConvertible {
    public var description: String {
        "\(self.label) (\(self.lifetime), bound at \(self.place)): \(self.books)".asReport
    }
}

extension ScopeSnapshot: CustomStringConvertible {
    public var description: String {
        let tag = self.tag.map { ", tag \($0)" } ?? ""
        return "\(self.name) (\(self.id)\(tag), opened at \(self.place), \(self.state.rawValue)): \(self.books)".asReport
    }
}

extension ResourceSnapshot: CustomStringConvertible {
    public var description: String {
        "\(self.id) of \(self.binding) in \(self.scope), \(self.state.rawValue)"
    }
}

extension ContainerSnapshot: CustomStringConvertible {
    /// The counts in one line.
    public var description: String {
        let size = "\(self.bindings.count) bindings, \(self.scopes.count) scopes"
        return "container \(self.container) after event \(self.sequence): \(size), \(self.books)".asReport
    }
}

extension LiveResource: CustomStringConvertible {
    public var description: String {
        let stand = self.standsInFor.map { ", stands in for \($0)" } ?? ""
        return "\(self.label)\(self.id) in \(self.scope), \(self.state.rawValue)\(stand)"
    }
}

extension OutlivingResource: CustomStringConvertible {
    public var description: String {
        "\(self.label)\(self.resource) of scope \(self.scope) (bound at \(self.place)) was disposed and is still referenced".asReport
    }
}

extension ValidationReport: CustomStringConvertible {
    /// What is wrong, one sentence after the other.
    public var description: String {
        let limit = 20
        let rest = self.notAnalysed.isEmpty ? "" : "; \(self.notAnalysed.count) are not analyzed"
        if self.problems.isEmpty { return "the bindings are valid\(rest)" }
        let more = self.problems.count > limit ? ["and \(self.problems.count - limit) more"] : []
        return (self.problems.prefix(limit).map(\.description) + more).joined(separator: "; ").asReport
    }
}

extension DependencyGraph: CustomStringConvertible {
    /// The tree of ``text``.
    public var description: String {
        self.text
    }
}

extension Container: CustomStringConvertible {
    public var description: String {
        "container \(self.name)"
    }
}

extension Scope: CustomStringConvertible {
    public var description: String {
        "\(self.id) \(self.path)"
    }
}

extension ResourceKey: CustomStringConvertible {
    public var description: String {
        self.label
    }
}

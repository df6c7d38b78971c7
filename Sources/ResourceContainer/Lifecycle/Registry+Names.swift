/// The bindings of one type under several names.
extension Registry {
    /// The maximum number of names that an error lists.
    private static let mostNames = 5

    /// The bindings in effect of a type, without fallbacks that a closure creates, in the order in which their keys were first bound.
    /// O(keys of the type).
    func collection(of type: ObjectIdentifier, in scope: Scope?) -> [Binding] {
        (self.keysOfType[type] ?? []).compactMap { id in
            self.binding(self.keys[id.rawValue].key, in: scope).flatMap { $0.declaration.fallbackOf == nil ? $0 : nil }
        }
    }

    /// The binding that an alias leads to, or the binding itself. Nil if an alias leads back to itself or to nothing.
    func target(of binding: Binding, in scope: Scope?) -> Binding? {
        var seen: Set<BindingID> = []
        var next = binding
        while case .alias(let redirect) = next.maker {
            guard seen.insert(next.id).inserted, let target = self.binding(redirect.key, in: scope) else { return nil }
            next = target
        }
        return next
    }

    /// The bindings that a declared dependency resolves in `scope`. ``All`` leaves out those that take an argument.
    func bindings(for dependency: DeclaredDependency, in scope: Scope?) -> [Binding] {
        if dependency.link == .all {
            return self.collection(of: dependency.key.type, in: scope).filter {
                self.target(of: $0, in: scope)?.form != .parameterized
            }
        }
        let binding = self.binding(dependency.key, in: scope) ?? dependency.wrapped.flatMap { self.binding($0, in: scope) }
        return binding.map { [$0] } ?? []
    }

    /// The names under which `getAll` resolves instances of a type: those of all bindings that need no argument, except values that no
    /// scope provides.
    ///
    /// - Parameter requester: The instance whose initialization makes the request, for which dependencies on values are recorded.
    mutating func namesToResolve(
        _ type: ObjectIdentifier,
        in scope: Scope,
        for requester: ResourceHandle?
    ) throws(ResourceError) -> [String?] {
        guard self.isOpen(scope) else { throw .closed(scope, refused: "a request") }
        var names: [String?] = []
        for binding in self.collection(of: type, in: scope) {
            let target = self.target(of: binding, in: scope)
            switch target?.form {
            case .parameterized: continue
            case .value:
                guard let target else { continue }
                if let requester { self.noteValueNeed(target, of: requester) }
                if self.value(of: target, for: scope) != nil { names.append(binding.key.name) }
            // The request for an alias that leads to nothing reports it.
            case nil: names.append(binding.key.name)
            }
        }
        return names
    }

    /// The keys of the same type that are bound, as a part of a sentence. Nil if there is none.
    func namesBound(instead key: KeyID, in scope: Scope?) -> String? {
        let bound = self.collection(of: key.type, in: scope)
        guard !bound.isEmpty else { return nil }
        let names = bound.compactMap { binding in binding.key.name.map(KeyText.literal) }
        var parts = bound.count > names.count ? ["without a name"] : []
        parts += names.prefix(Self.mostNames).map { "as \($0)" }
        if names.count > Self.mostNames { parts.append("under \(names.count - Self.mostNames) other names") }
        return "the type is bound \(parts.joined(separator: ", ")); request \(bound.count == 1 ? "that one" : "one of these"), or "
    }
}

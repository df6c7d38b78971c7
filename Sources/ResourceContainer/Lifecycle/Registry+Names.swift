/// The bindings of one type under several names.
extension Registry {
    /// The maximum number of names that an error lists.
    private static let mostNames = 5

    /// The bindings in effect of a type, in the order in which their keys were first bound. O(keys of the type).
    func collection(of type: ObjectIdentifier, in scope: Scope?) -> [Binding] {
        (self.keysOfType[type] ?? []).compactMap { self.binding(self.keys[$0.rawValue].key, in: scope) }
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
            switch binding.form {
            case .parameterized: continue
            case .value:
                if let requester { self.noteValueNeed(binding, of: requester) }
                if self.value(of: binding, for: scope) != nil { names.append(binding.key.name) }
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
        return "the type is bound \(parts.joined(separator: ", ")); request one of these, or "
    }
}

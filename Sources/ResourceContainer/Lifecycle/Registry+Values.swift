/// The values that scopes provide.
extension Registry {
    /// Checks the values of a new scope against their declarations.
    ///
    /// A scope without a tag receives the tag that its values are declared for. A value whose key an enclosing overlay binds in another way
    /// is left out, so that a test can override it. So is an offered value that is not declared for the scope.
    func checked(_ opening: ScopeOpening, in parent: Scope) throws(ResourceError) -> ScopeOpening {
        var checked = opening
        checked.values = []
        for value in opening.values {
            guard let binding = self.binding(value.key, in: parent) else {
                if value.isOffered { continue }
                throw .undeclaredValue(value, opening)
            }
            guard binding.form == .value else {
                if value.isOffered || self.binding(value.key)?.form == .value { continue }
                throw .boundOtherwise(value, binding, opening)
            }
            if checked.values.contains(where: { $0.binding == binding.id }) { throw .providedTwice(binding, opening) }
            if case .tagged(let tag) = binding.lifetime {
                if value.isOffered, tag != opening.tag { continue }
                if checked.tag == nil { checked.tag = tag }
                if checked.tag != tag { throw .wrongTag(binding, tag, checked) }
            }
            var value = value
            value.binding = binding.id
            checked.values.append(value)
        }
        return checked
    }

    /// The value that `scope` or the nearest scope around it provides for `binding`. O(depth).
    func value(of binding: Binding, for scope: Scope) -> AnyInstance? {
        var scope: Scope? = scope
        while let candidate = scope {
            if candidate.values.contains(binding.id), let value = candidate.cache.withLock({ $0.withKnown(binding.key) { $0 } }) {
                return value
            }
            scope = candidate.parent
        }
        return nil
    }

    /// Resolves a request for a value.
    mutating func requestValue(_ binding: Binding, _ request: Request, at now: TimeSource.Instant) throws(ResourceError) -> Resolution {
        if let argument = request.argument, !argument.isOptional { throw .unexpectedArgument(argument, binding, request.requestingScope) }
        if let requester = request.requester { self.noteValueNeed(binding, of: requester) }
        if let value = self.value(of: binding, for: request.requestingScope) { return .ready(value, binding) }
        if let requester = request.requester, self.holds(requester) {
            let holder = self.resources[requester.row].binding
            let scope = self.scopes[self.resources[requester.row].scope].scope
            if scope.isRootOrOverlay { throw .captiveValue(binding, of: holder, request.requestingScope) }
        }
        throw .missingValue(binding, request.requestingScope)
    }

    // MARK: Dependencies on values

    /// Records that an instance depends on a value, whether or not a scope provides it.
    mutating func noteValueNeed(_ binding: Binding, of requester: ResourceHandle) {
        guard self.holds(requester) else { return }
        self.valueNeeds[requester.id, default: []].insert(binding.id)
        let holder = self.resources[requester.row].binding
        if holder.declaration.dependencies == nil, self.isOwn(holder) {
            self.observedEdges.insert(ObservedEdge(from: holder.id, to: binding.id))
        }
    }

    /// Records the values that instances of `key` depend on as dependencies of an instance that can resolve `key` later.
    mutating func noteProvider(of key: KeyID, for requester: ResourceHandle, in scope: Scope) {
        guard self.holds(requester), let binding = self.binding(key, in: scope) else { return }
        let values = self.declaredValues(of: binding, in: scope).values
        if !values.isEmpty { self.valueNeeds[requester.id, default: []].formUnion(values) }
    }

    /// Passes the dependencies on values of an instance that the container does not own on to its requester.
    mutating func passValueNeeds(of handle: ResourceHandle, to requester: ResourceHandle) {
        if self.valueNeeds.isEmpty { return }
        if let needs = self.valueNeeds[handle.id], self.holds(requester) { self.valueNeeds[requester.id, default: []].formUnion(needs) }
    }

    /// Whether the instance of `binding` in `scope` depends on a value that another scope, between `scope` and the requesting one, provides
    /// again. The requesting scope then creates its own instance. O(dependencies).
    func dependsOnValue(_ binding: Binding, in scope: Scope, providedBelowItFor requestingScope: Scope) -> Bool {
        var provided: Set<BindingID> = []
        var inner: Scope? = requestingScope
        while let candidate = inner, candidate !== scope {
            provided.formUnion(candidate.values)
            inner = candidate.parent
        }
        guard !provided.isEmpty, let row = self.scopes[scope.row].shared.find(binding.word) else { return false }
        var seen: Set<Int> = [row]
        var open = [row]
        while let next = open.popLast() {
            if self.resources[next].state == .initializing {
                // It has not resolved all of its dependencies. An unknown dependency counts as one on the value.
                let declared = self.declaredValues(of: self.resources[next].binding, in: scope)
                if !declared.isComplete || !declared.values.isDisjoint(with: provided) { return true }
            }
            if let needs = self.valueNeeds[self.resources[next].id], !needs.isDisjoint(with: provided) { return true }
            for dependency in self.resources[next].dependencies where self.holds(dependency) && seen.insert(dependency.row).inserted {
                open.append(dependency.row)
            }
        }
        return false
    }

    /// The values that instances of `binding` depend on by their declarations, and whether all dependencies are declared. O(bindings).
    private func declaredValues(of binding: Binding, in scope: Scope) -> (values: Set<BindingID>, isComplete: Bool) {
        var values: Set<BindingID> = []
        var isComplete = true
        var seen: Set<BindingID> = [binding.id]
        var open = [binding]
        while let next = open.popLast() {
            if next.form == .value { values.insert(next.id) }
            guard let dependencies = next.declaration.dependencies else {
                isComplete = false
                continue
            }
            for needed in dependencies.flatMap({ self.bindings(for: $0, in: scope) }) where seen.insert(needed.id).inserted {
                open.append(needed)
            }
        }
        return (values, isComplete)
    }
}

// MARK: - Errors

extension ResourceError {
    fileprivate static func undeclaredValue(_ value: ProvidedValue, _ opening: ScopeOpening) -> ResourceError {
        let tag = opening.tag.map { ", in: \(KeyText.literal($0))" } ?? ""
        return ResourceError(
            .undeclaredValue,
            key: value.text.label,
            scope: opening.name,
            "scope \(opening.name) (opened at \(opening.location)) provides \(value.text.label), which is not declared: "
                + "add container.bindValue(\(value.text.code)\(tag)), or provide it as Provide(Type.self, value) under the type that is declared"
        )
    }

    fileprivate static func boundOtherwise(_ value: ProvidedValue, _ binding: Binding, _ opening: ScopeOpening) -> ResourceError {
        ResourceError(
            .undeclaredValue,
            key: value.text.label,
            scope: opening.name,
            "scope \(opening.name) (opened at \(opening.location)) provides \(value.text.label), which is bound at \(binding.location) and "
                + "not declared as a value: replace that binding by container.bindValue(\(value.text.code)), or do not provide it"
        )
    }

    fileprivate static func providedTwice(_ binding: Binding, _ opening: ScopeOpening) -> ResourceError {
        ResourceError(
            .undeclaredValue,
            key: binding.label,
            scope: opening.name,
            "scope \(opening.name) (opened at \(opening.location)) provides \(binding.label) twice: provide it once, or declare one of them "
                + "under a name and provide it as Provide(\(binding.declaration.text.typeCode), name: …, value)"
        )
    }

    fileprivate static func wrongTag(_ binding: Binding, _ tag: String, _ opening: ScopeOpening) -> ResourceError {
        ResourceError(
            .undeclaredValue,
            key: binding.label,
            scope: opening.name,
            "scope \(opening.name) (opened at \(opening.location)) has the tag \(opening.tag?.asName ?? "") and provides \(binding.label), a "
                + "\(binding.lifetimeLabel) (declared at \(binding.location)): open it with tag: \(KeyText.literal(tag)), or declare "
                + "container.bindValue(\(binding.declaration.text.code)) for scopes of any tag"
        )
    }

    fileprivate static func captiveValue(_ binding: Binding, of holder: Binding, _ requestingScope: Scope) -> ResourceError {
        ResourceError(
            .captiveDependency,
            key: binding.label,
            scope: requestingScope.name,
            "\(holder.label) (\(holder.lifetime.label)) would hold \(binding.label) (\(binding.lifetimeLabel)) beyond its scope: "
                + "\(holder.label) → \(binding.label); shorten \(holder.label)'s lifetime, or pass \(binding.label) to its methods"
        )
    }

    fileprivate static func missingValue(_ binding: Binding, _ requestingScope: Scope) -> ResourceError {
        let name = binding.key.name
        let value = name.map { "Provide(\(binding.declaration.text.typeCode), name: \(KeyText.literal($0)), …)" } ?? "…"
        var remedy = "open one with withScope(providing: \(value))"
        if case .tagged(let tag) = binding.lifetime {
            remedy = "open one with withScope(tag: \(KeyText.literal(tag)), providing: \(value))"
            var scope: Scope? = requestingScope
            while let candidate = scope, candidate.tag != tag { scope = candidate.parent }
            if let scope { remedy = "open scope \(scope.name) (opened at \(scope.location)) with providing: \(value)" }
        }
        return ResourceError(
            .missingValue,
            key: binding.label,
            scope: requestingScope.name,
            "\(binding.label) is a \(binding.lifetimeLabel) (declared at \(binding.location)), and neither \(requestingScope.path) nor a "
                + "scope around it provides it: \(remedy)"
        )
    }
}

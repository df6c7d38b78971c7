/// The choice of the scope that owns an instance.
extension Registry {
    /// The scope that owns the instance of `binding` for a request from `requester`. O(depth).
    ///
    /// A scope with an overlay takes the role of the root. A request inside it uses an instance from outside only if that instance is ready
    /// and all of its dependencies have the bindings that the requesting scope would use. Otherwise an instance is created inside.
    func owner(of binding: Binding, for requestingScope: Scope) throws(ResourceError) -> Scope {
        switch binding.lifetime {
        case .transient: requestingScope
        case .singleton: self.singletonOwner(of: binding, for: requestingScope)
        case .scoped: try self.scopedOwner(of: binding, for: requestingScope)
        case .tagged(let tag): try self.taggedOwner(of: binding, tag, for: requestingScope)
        }
    }

    private func singletonOwner(of binding: Binding, for requestingScope: Scope) -> Scope {
        var overlayScope: Scope?
        var scope: Scope? = requestingScope
        while let candidate = scope {
            if candidate.isRootOrOverlay {
                guard let overlayScope else {
                    if candidate.parent == nil || self.holdsShared(binding, in: candidate) { return candidate }
                    overlayScope = candidate
                    scope = candidate.parent
                    continue
                }
                if self.isShared(binding, in: candidate, with: requestingScope) { return candidate }
                if candidate.parent == nil { return overlayScope }
            }
            scope = candidate.parent
        }
        return requestingScope
    }

    private func scopedOwner(of binding: Binding, for requestingScope: Scope) throws(ResourceError) -> Scope {
        if requestingScope.isRootOrOverlay {
            throw ResourceError(
                .noScope,
                key: binding.label,
                scope: requestingScope.name,
                "\(binding.label) (bound at \(binding.location)) is scoped, and this request was made \(requestingScope.whereNoneIsScoped): "
                    + "use container.withScope { … }, or bind it as a singleton"
            )
        }
        // By rows, because a step from scope to scope retains and releases each.
        var row = requestingScope.row
        while row >= 0, self.scopes[row].isPlain {
            if self.scopes[row].shared.find(binding.word) != nil { return self.scopes[row].scope }
            row = self.scopes[row].parent
        }
        if row < 0 { return requestingScope }
        return self.scopedOwner(of: binding, for: requestingScope, from: self.scopes[row].scope)
    }

    /// The scope that owns the instance of `binding`, if no scope up to `first` has one. That scope is not plain.
    private func scopedOwner(of binding: Binding, for requestingScope: Scope, from first: Scope) -> Scope {
        var isOutside = false
        var isBelowValues = false
        var scope: Scope? = first
        while let candidate = scope {
            if self.holdsShared(binding, in: candidate), !isOutside || self.isShared(binding, in: candidate, with: requestingScope),
                !isBelowValues || !self.dependsOnValue(binding, in: candidate, providedBelowItFor: requestingScope)
            {
                return candidate
            }
            if candidate.hasOverlay { isOutside = true }
            if !candidate.values.isEmpty { isBelowValues = true }
            scope = candidate.parent
        }
        return requestingScope
    }

    private func taggedOwner(of binding: Binding, _ tag: String, for requestingScope: Scope) throws(ResourceError) -> Scope {
        var overlayScope: Scope?
        var scope: Scope? = requestingScope
        while let candidate = scope {
            if candidate.tag == tag {
                guard let overlayScope else { return candidate }
                return self.isShared(binding, in: candidate, with: requestingScope) ? candidate : overlayScope
            }
            if candidate.hasOverlay, overlayScope == nil { overlayScope = candidate }
            scope = candidate.parent
        }
        throw ResourceError(
            .noScope,
            key: binding.label,
            scope: requestingScope.name,
            "\(binding.label) (bound at \(binding.location)) needs a scope with the tag \(tag.asName), and \(requestingScope.path) has none: "
                + "open one with withScope(tag: \"\(tag.asName)\")"
        )
    }

    private func holdsShared(_ binding: Binding, in scope: Scope) -> Bool {
        self.scopes[scope.row].shared.find(binding.word) != nil
    }

    /// Whether the instance in `scope`, which is outside of the overlay, is the one the requesting scope would create. O(dependencies).
    private func isShared(_ binding: Binding, in scope: Scope, with requestingScope: Scope) -> Bool {
        guard let row = self.scopes[scope.row].shared.find(binding.word), self.resources[row].state == .ready else { return false }
        var seen: Set<Int> = [row]
        var open = [row]
        while let next = open.popLast() {
            let made = self.resources[next].binding
            guard self.binding(made.key, in: requestingScope)?.word == made.word else { return false }
            for value in self.valueNeeds[self.resources[next].id] ?? [] {
                let key = self.keys[value.rawValue].key
                guard self.binding(key, in: requestingScope) === self.binding(key, in: scope) else { return false }
            }
            for dependency in self.resources[next].dependencies where self.holds(dependency) && seen.insert(dependency.row).inserted {
                open.append(dependency.row)
            }
        }
        return true
    }
}

extension Scope {
    /// Whether the scope is the root or takes its role.
    var isRootOrOverlay: Bool {
        self.parent == nil || self.hasOverlay
    }
}

/// Where an instance lives.
extension Registry {
    /// The scope that owns the instance that `binding` has for the asker. O(depth).
    ///
    /// The scope of an overlay stands in for the root. An instance outside of it is only used if it is ready and everything it was made
    /// with is what the asker would be given; else one is made inside.
    func owner(of binding: Binding, for asker: Scope) throws(ResourceError) -> Scope {
        switch binding.lifetime {
        case .transient: asker
        case .singleton: self.singletonOwner(of: binding, for: asker)
        case .scoped: try self.scopedOwner(of: binding, for: asker)
        case .tagged(let tag): try self.taggedOwner(of: binding, tag, for: asker)
        }
    }

    private func singletonOwner(of binding: Binding, for asker: Scope) -> Scope {
        var standIn: Scope?
        var scope: Scope? = asker
        while let candidate = scope {
            if candidate.isRootOrStandsIn {
                guard let standIn else {
                    if candidate.parent == nil || self.holdsShared(binding, in: candidate) { return candidate }
                    standIn = candidate
                    scope = candidate.parent
                    continue
                }
                if self.isShared(binding, in: candidate, with: asker) { return candidate }
                if candidate.parent == nil { return standIn }
            }
            scope = candidate.parent
        }
        return asker
    }

    private func scopedOwner(of binding: Binding, for asker: Scope) throws(ResourceError) -> Scope {
        if asker.isRootOrStandsIn {
            throw ResourceError(
                .noScope,
                key: binding.label,
                scope: asker.name,
                "\(binding.label) (bound at \(binding.place)) lives in a scope, and this request was made outside any: "
                    + "use container.withScope { … }, or bind it as a singleton"
            )
        }
        var isOutside = false
        var scope: Scope? = asker
        while let candidate = scope {
            if self.holdsShared(binding, in: candidate), !isOutside || self.isShared(binding, in: candidate, with: asker) {
                return candidate
            }
            if candidate.standsIn { isOutside = true }
            scope = candidate.parent
        }
        return asker
    }

    private func taggedOwner(of binding: Binding, _ tag: String, for asker: Scope) throws(ResourceError) -> Scope {
        var standIn: Scope?
        var scope: Scope? = asker
        while let candidate = scope {
            if candidate.tag == tag {
                guard let standIn else { return candidate }
                return self.isShared(binding, in: candidate, with: asker) ? candidate : standIn
            }
            if candidate.standsIn, standIn == nil { standIn = candidate }
            scope = candidate.parent
        }
        throw ResourceError(
            .noScope,
            key: binding.label,
            scope: asker.name,
            "\(binding.label) (bound at \(binding.place)) lives in a scope with the tag \(tag.asName), and \(asker.path) has none: "
                + "open one with withScope(tag: \"\(tag.asName)\")"
        )
    }

    private func holdsShared(_ binding: Binding, in scope: Scope) -> Bool {
        self.scopes[scope.row].shared.find(binding.word) != nil
    }

    /// Whether `scope`, outside of the asker's overlay, has an instance that is the same for the asker. O(instances below it).
    private func isShared(_ binding: Binding, in scope: Scope, with asker: Scope) -> Bool {
        guard let row = self.scopes[scope.row].shared.find(binding.word), self.resources[row].state == .ready else { return false }
        var seen: Set<Int> = [row]
        var open = [row]
        while let next = open.popLast() {
            let made = self.resources[next].binding
            guard self.binding(made.key, in: asker) === made else { return false }
            for dependency in self.resources[next].dependencies where self.holds(dependency) && seen.insert(dependency.row).inserted {
                open.append(dependency.row)
            }
        }
        return true
    }
}

extension Scope {
    /// Whether it carries an overlay, and so stands in for the root.
    var standsIn: Bool {
        self.overlay !== self.parent?.overlay
    }

    var isRootOrStandsIn: Bool {
        self.parent == nil || self.standsIn
    }
}

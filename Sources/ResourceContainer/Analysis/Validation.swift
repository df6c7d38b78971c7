/// What is wrong with the bindings of a container, found before anything runs.
public struct ValidationReport: Sendable, Hashable, Codable {
    /// What can be wrong.
    public enum Fault: String, Sendable, Hashable, Codable {
        /// Something is needed that nothing is bound for.
        case missing
        /// Something needs itself to be made.
        case cycle
        /// Something that lives long would hold something that lives shorter.
        case captive
    }

    /// One thing that is wrong.
    public struct Problem: Sendable, Hashable, Codable, CustomStringConvertible {
        /// What kind of thing.
        public var fault: Fault
        /// The keys from where it begins to where it goes wrong.
        public var path: [String]
        /// Where the first of them is bound.
        public var place: SourcePlace
        /// What is wrong and what to do about it, in one line.
        public var description: String
    }

    /// What is wrong, in the order of binding.
    public var problems: [Problem]
    /// Bindings whose closures ask for what they need as they go: nothing can be said of these.
    public var notAnalysed: [String]

    /// Whether nothing was found.
    public var isValid: Bool {
        self.problems.isEmpty
    }
}

extension Container {
    /// Looks for missing bindings, cycles and captive dependencies without making anything. O(bindings × edges) at worst.
    ///
    /// Bindings that are made from their parameters are analysed; closures that ask a ``Resolver`` are listed as not analysed. Whether
    /// one tag lies inside another is only known when scopes are open, and is checked at `get`.
    public func validate() -> ValidationReport {
        self.engine.locked { registry in
            var validation = Validation(registry: registry)
            return validation.report()
        }
    }
}

/// One pass over the bindings.
private struct Validation {
    let registry: Registry
    private var problems: [ValidationReport.Problem] = []

    init(registry: Registry) {
        self.registry = registry
    }

    mutating func report() -> ValidationReport {
        let bindings = self.registry.currentBindings
        for binding in bindings { self.findMissing(binding) }
        self.findCycles(bindings)
        for binding in bindings where binding.lifetime == .singleton { self.findCaptives(binding) }
        return ValidationReport(
            problems: self.problems,
            notAnalysed: bindings.filter { $0.declaration.dependencies == nil }.map(\.label)
        )
    }

    private mutating func add(_ fault: ValidationReport.Fault, _ path: [String], _ place: SourcePlace, _ description: String) {
        self.problems.append(.init(fault: fault, path: path, place: place, description: description))
    }

    private typealias Need = (key: KeyID, label: String, isOptional: Bool)

    /// What a binding needs, fallback included.
    private func needs(_ binding: Binding) -> [Need] {
        let stand = binding.fallback.map { [Need($0.key, $0.label, false)] } ?? []
        return self.declaredNeeds(binding) + stand
    }

    /// What a binding is made with.
    private func declaredNeeds(_ binding: Binding) -> [Need] {
        var needs: [Need] = []
        for dependency in binding.declaration.dependencies ?? [] {
            let isThere = self.registry.binding(dependency.key) != nil
            let key = isThere ? dependency.key : dependency.wrapped ?? dependency.key
            needs.append((key, dependency.label, dependency.wrapped != nil))
        }
        return needs
    }

    private func declaredBindings(neededBy binding: Binding) -> [Binding] {
        self.declaredNeeds(binding).compactMap { self.registry.binding($0.key) }
    }

    private func bindings(neededBy binding: Binding) -> [Binding] {
        self.needs(binding).compactMap { self.registry.binding($0.key) }
    }

    private mutating func findMissing(_ binding: Binding) {
        for need in self.needs(binding) where !need.isOptional && self.registry.binding(need.key) == nil {
            self.add(
                .missing,
                [binding.label, need.label],
                binding.place,
                "\(binding.label) (bound at \(binding.place)) needs \(need.label), for which nothing is bound: "
                    + "container.bind(\(need.label).self, …)"
            )
        }
    }

    /// Depth first, each binding once: a way back to one that is on the path is a cycle.
    private mutating func findCycles(_ bindings: [Binding]) {
        var done: Set<BindingID> = []
        for start in bindings where !done.contains(start.id) {
            var path: [(binding: Binding, next: [Binding])] = [(start, self.bindings(neededBy: start))]
            while let top = path.last {
                guard let next = top.next.first else {
                    done.insert(top.binding.id)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next.removeFirst()
                if let index = path.firstIndex(where: { $0.binding === next }) {
                    let labels = path[index...].map(\.binding.label) + [next.label]
                    self.add(
                        .cycle,
                        labels,
                        next.place,
                        "\(next.label) needs itself to be made: \(labels.joined(separator: " → ")); break the circle, for instance by getting one later"
                    )
                } else if !done.contains(next.id) {
                    path.append((next, self.bindings(neededBy: next)))
                }
            }
        }
    }

    /// What a singleton is made with lives in the root too: transients and aliases on the way hand the question on, and so does a singleton
    /// that falls back, with what stands in for it. What the singleton itself falls back to is no part of it: the scope that asks holds that.
    private mutating func findCaptives(_ singleton: Binding) {
        var seen: Set<BindingID> = [singleton.id]
        var open: [(binding: Binding, path: [String])] = []
        for next in self.declaredBindings(neededBy: singleton).reversed() { open.append((next, [singleton.label])) }
        while let (needed, path) = open.popLast() {
            guard seen.insert(needed.id).inserted else { continue }
            let way = path + [needed.label]
            let isPassedOn = if case .alias = needed.maker { true } else { needed.lifetime == .transient }
            if isPassedOn {
                for next in self.bindings(neededBy: needed).reversed() { open.append((next, way)) }
            } else if needed.lifetime == .singleton {
                if let stand = needed.fallback, let next = self.registry.binding(stand.key) { open.append((next, way)) }
            } else {
                self.add(
                    .captive,
                    way,
                    singleton.place,
                    "\(singleton.label) (singleton) would hold \(needed.label) (\(needed.lifetime.label)) beyond its scope: "
                        + "\(way.joined(separator: " → ")); let \(singleton.label) live as short, or \(needed.label) as long"
                )
            }
        }
    }
}

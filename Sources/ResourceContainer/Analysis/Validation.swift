/// The problems in the bindings of a container, found by ``Container/validate()`` before any instance is created.
public struct ValidationReport: Sendable, Hashable, Codable {
    /// The kind of a problem.
    public enum Fault: String, Sendable, Hashable, Codable {
        /// A dependency is not bound.
        case missing
        /// A binding depends on itself.
        case cycle
        /// A singleton would hold an instance with a shorter lifetime.
        case captive
    }

    /// A problem in the bindings.
    public struct Problem: Sendable, Hashable, Codable, CustomStringConvertible {
        /// The kind of the problem.
        public var fault: Fault
        /// The keys from the binding that has the problem to the one that causes it.
        public var path: [String]
        /// The source location of the first binding in ``path``.
        public var location: CodeLocation
        /// The problem and its remedy, in one line.
        public var description: String
    }

    /// The problems, ordered by kind, then by order of binding.
    public var problems: [Problem]
    /// The bindings whose closures resolve dependencies through a ``Resolver``. They cannot be analyzed.
    public var notAnalyzed: [String]

    /// Whether no problem was found.
    public var isValid: Bool {
        self.problems.isEmpty
    }
}

extension Container {
    /// Finds missing bindings, cycles and captive dependencies without creating any instance. O(bindings × edges) in the worst case.
    ///
    /// Bindings whose parameters are their dependencies are analyzed. Bindings that use a ``Resolver`` are listed as not analyzed. Whether
    /// one tagged scope lies inside another is known only at run time, and is checked when the resource is requested.
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
            notAnalyzed: bindings.filter { $0.declaration.dependencies == nil }.map(\.label)
        )
    }

    private mutating func add(_ fault: ValidationReport.Fault, _ path: [String], _ location: CodeLocation, _ description: String) {
        self.problems.append(.init(fault: fault, path: path, location: location, description: description))
    }

    private typealias Need = (key: KeyID, label: String, isOptional: Bool)

    /// The dependencies of a binding, including its fallback.
    private func needs(_ binding: Binding) -> [Need] {
        let stand = binding.fallback.map { [Need($0.key, $0.label, false)] } ?? []
        return self.declaredNeeds(binding) + stand
    }

    /// The declared dependencies of a binding.
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
                binding.location,
                "\(binding.label) (bound at \(binding.location)) needs \(need.label), which is not bound: "
                    + "add container.bind(\(need.label).self, …)"
            )
        }
    }

    /// A depth-first search that visits each binding once. An edge to a binding on the current path closes a cycle.
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
                        next.location,
                        "\(next.label) depends on itself: \(labels.joined(separator: " → ")); break the cycle, for example by getting one of them later"
                    )
                } else if !done.contains(next.id) {
                    path.append((next, self.bindings(neededBy: next)))
                }
            }
        }
    }

    /// The dependencies of a singleton live in the root scope. Transients and aliases pass this requirement on to their own dependencies,
    /// and a singleton with a fallback passes it to the fallback. The fallback of `singleton` itself is exempt, because the requesting
    /// scope holds it.
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
                    singleton.location,
                    "\(singleton.label) (singleton) would hold \(needed.label) (\(needed.lifetime.label)) beyond its scope: "
                        + "\(way.joined(separator: " → ")); shorten \(singleton.label)'s lifetime or lengthen \(needed.label)'s"
                )
            }
        }
    }
}

/// The problems in the bindings of a container, found by ``Container/validate()`` before any instance is created.
public struct ValidationReport: Sendable, Hashable, Codable {
    /// The kind of a problem.
    public enum Fault: String, Sendable, Hashable, Codable {
        /// A dependency is not bound.
        case missing
        /// A binding depends on itself.
        case cycle
        /// A singleton would hold an instance with a shorter lifetime, or a value of a scope.
        case captive
        /// A dependency takes an argument, which a parameter cannot pass.
        case argument
        /// Every scope or every request would create another pool.
        case poolPerScope
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
    /// Finds missing bindings, cycles, captive dependencies, dependencies that need an argument, and pools that are created for each scope,
    /// without creating any instance. O(bindings × edges) in the worst case.
    ///
    /// Bindings whose parameters are their dependencies are analyzed. Bindings that use a ``Resolver`` are listed as not analyzed. Whether
    /// one tagged scope lies inside another, and whether a scope provides its values, is known only at run time, and is checked when the
    /// resource is requested. ``BindingOptions/poolPerScope`` states that a pool for each scope is intended.
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
        for binding in bindings { self.findArguments(binding) }
        for binding in bindings { self.findPool(binding) }
        return ValidationReport(
            problems: self.problems,
            notAnalyzed: bindings.filter { $0.declaration.dependencies == nil }.map(\.label)
        )
    }

    private mutating func add(_ fault: ValidationReport.Fault, _ path: [String], _ location: CodeLocation, _ description: String) {
        self.problems.append(.init(fault: fault, path: path, location: location, description: description))
    }

    private func fallback(of binding: Binding) -> [Binding] {
        binding.fallback.flatMap { self.registry.binding($0.key) }.map { [$0] } ?? []
    }

    /// The bindings that the instances of `binding` hold, as far as they are declared. ``All`` has no values that no scope provides.
    private func declaredBindings(neededBy binding: Binding) -> [Binding] {
        (binding.declaration.dependencies ?? []).flatMap { dependency in
            self.registry.bindings(for: dependency, in: nil).filter {
                dependency.link != .all || self.registry.target(of: $0, in: nil)?.form != .value
            }
        }
    }

    /// The bindings that the instances of `binding` hold or replace them, as far as they are declared.
    private func bindings(neededBy binding: Binding) -> [Binding] {
        self.declaredBindings(neededBy: binding) + self.fallback(of: binding)
    }

    /// The bindings that creating an instance of `binding` needs. A provider resolves its dependency after the creation.
    private func bindings(toCreate binding: Binding) -> [Binding] {
        let dependencies = (binding.declaration.dependencies ?? []).filter { $0.link != .provider }
        return dependencies.flatMap { self.registry.bindings(for: $0, in: nil) } + self.fallback(of: binding)
    }

    private mutating func findMissing(_ binding: Binding) {
        for dependency in binding.declaration.dependencies ?? [] where dependency.link != .all {
            if dependency.wrapped == nil, self.registry.bindings(for: dependency, in: nil).isEmpty {
                self.addMissing(dependency.key, dependency.text, neededBy: binding)
            }
        }
        if let fallback = binding.fallback, self.registry.binding(fallback.key) == nil {
            self.addMissing(fallback.key, fallback.text, neededBy: binding)
        }
    }

    private mutating func addMissing(_ key: KeyID, _ text: KeyText, neededBy binding: Binding) {
        self.add(
            .missing,
            [binding.label, text.label],
            binding.location,
            "\(binding.label) (bound at \(binding.location)) needs \(text.label), which is not bound: "
                + (self.registry.namesBound(instead: key, in: nil) ?? "") + "add container.bind(\(text.code)) { … }"
        )
    }

    /// An alias passes the argument of a request on, and ``All`` leaves such bindings out.
    private mutating func findArguments(_ binding: Binding) {
        if binding.isAlias { return }
        for dependency in binding.declaration.dependencies ?? [] where dependency.link != .all {
            for needed in self.registry.bindings(for: dependency, in: nil) { self.checkArgument(of: needed, neededBy: binding) }
        }
    }

    private mutating func checkArgument(of needed: Binding, neededBy binding: Binding) {
        guard let target = self.registry.target(of: needed, in: nil), case .parameterized(let parameter) = target.maker else { return }
        self.add(
            .argument,
            [binding.label, needed.label],
            binding.location,
            "\(binding.label) (bound at \(binding.location)) needs \(needed.label), which takes an argument of the type "
                + "\(parameter.text.label): bind \(binding.label) to a closure with a Resolver, and call "
                + "resolver.get(\(needed.declaration.text.code), argument)"
        )
    }

    private mutating func findPool(_ binding: Binding) {
        // A pool that takes an argument is always transient.
        guard binding.declaration.defaultLifetime == .singleton, !binding.isAlias, binding.form == nil else { return }
        if binding.options.poolPerScope { return }
        guard binding.lifetime == .scoped || binding.lifetime == .transient else { return }
        self.add(
            .poolPerScope,
            [binding.label],
            binding.location,
            "\(binding.label) (bound at \(binding.location)) is a pool and \(binding.lifetime.label), so that its items are not shared: bind it "
                + "with lifetime: .singleton, or set BindingOptions(poolPerScope: true) if this is intended"
        )
    }

    /// A depth-first search that visits each binding once. An edge to a binding on the current path closes a cycle.
    private mutating func findCycles(_ bindings: [Binding]) {
        var done: Set<BindingID> = []
        for start in bindings where !done.contains(start.id) {
            var path: [(binding: Binding, next: [Binding])] = [(start, self.bindings(toCreate: start))]
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
                        "\(next.label) depends on itself: \(labels.joined(separator: " → ")); break the cycle, for example by a Provider of one of them"
                    )
                } else if !done.contains(next.id) {
                    path.append((next, self.bindings(toCreate: next)))
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
            let isPassedOn = needed.isAlias || needed.lifetime == .transient
            if isPassedOn {
                for next in self.bindings(neededBy: needed).reversed() { open.append((next, way)) }
            } else if needed.lifetime == .singleton {
                if let fallback = needed.fallback, let next = self.registry.binding(fallback.key) { open.append((next, way)) }
            } else {
                self.add(
                    .captive,
                    way,
                    singleton.location,
                    "\(singleton.label) (singleton) would hold \(needed.label) (\(needed.lifetimeLabel)) beyond its scope: "
                        + "\(way.joined(separator: " → ")); shorten \(singleton.label)'s lifetime "
                        + (needed.form == .value ? "or pass \(needed.label) to its methods" : "or lengthen \(needed.label)'s")
                )
            }
        }
    }
}

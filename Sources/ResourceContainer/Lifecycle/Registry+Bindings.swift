/// Which key is bound to what.
///
/// A key has one identity, one row and one set of figures as long as the container lives, however often it is bound anew or overridden. A
/// binding that holds no more is referred to by its instances only, and goes with the last of them.
extension Registry {
    /// What is known of a key that was ever bound.
    struct KeyRow: Sendable {
        let key: KeyID
        /// Where the type stands: ``TypeNames`` makes of it what the key is called among the others.
        let path: String
        /// What pictures say of it, without its figures: the container's own binding, or the overlay's that bound it first.
        var shown: BindingSnapshot
        var books = Books()
        /// The container's own binding; nil for a key that was bound in overlays only.
        var binding: Binding?
        /// What the next instances are to suffer of the binding that was made last and holds.
        var faults: FaultPlan?
    }

    /// Whether the container refuses bindings and requests: it is closed, or about to be.
    var isOver: Bool {
        // The root is the first scope to be opened, and so has the first row.
        self.isClosed || self.scopes[0].state != .open
    }

    /// The binding that holds for a request under `key` in `scope`.
    func binding(_ key: KeyID, in scope: Scope) -> Binding? {
        if let overlay = scope.overlay, let binding = overlay.find(key) { return binding }
        return self.binding(key)
    }

    /// The bindings that hold outside of overlays, in the order in which their keys were bound first.
    var currentBindings: [Binding] {
        self.keys.compactMap(\.binding)
    }

    /// The key with this identity; nil if there is none.
    func key(_ id: BindingID) -> KeyRow? {
        self.keys.indices.contains(id.rawValue) ? self.keys[id.rawValue] : nil
    }

    /// The most keys of a container: each is a row in every picture, and a series in every report.
    static let mostKeys = 100_000

    private func checkTakesKeys(_ count: Int) throws(ResourceError) {
        guard self.keys.count > Self.mostKeys - count else { return }
        throw ResourceError(
            .invalidBinding,
            "container \(self.container) has \(self.keys.count) bindings and takes \(Self.mostKeys) at most: bind a resource that holds many "
                + "things under keys, such as a KeyedResourcePool, instead of one thing for each"
        )
    }

    /// Adds bindings; all of them, or on an error none. Returns the instances that they were given and that are to be taken in.
    mutating func bind(_ declarations: [BindingDeclaration], at now: TimeSource.Instant) throws(ResourceError) -> [Making] {
        if self.isOver, let declaration = declarations.first {
            throw .containerClosed(
                self.container,
                key: declaration.label,
                refused: "a binding of \(declaration.label) at \(declaration.place)",
                isClosing: !self.isClosed
            )
        }
        try self.checkTakesKeys(declarations.count { self.keyIDs[$0.key] == nil })
        var places: [KeyID: SourcePlace] = [:]
        for declaration in declarations {
            if let place = places[declaration.key] ?? self.binding(declaration.key)?.place, !declaration.override {
                throw ResourceError(
                    .duplicateBinding,
                    key: declaration.label,
                    "\(declaration.label) is bound already, at \(place): give this binding a name, or say override: true to replace that one"
                )
            }
            places[declaration.key] = declaration.place
        }
        try self.checkProvided(declarations)
        var adoptions: [Making] = []
        for declaration in declarations {
            let replaced = self.binding(declaration.key)
            let binding = self.addBinding(declaration, insteadOf: replaced, isOwn: true, at: now)
            self.hold(binding)
            if let replaced { self.replace(replaced, by: binding) }
            if let making = self.adopt(binding, in: self.scopes[0].scope, at: now) { adoptions.append(making) }
        }
        return adoptions
    }

    /// One object under two keys would be initialised and disposed under both.
    private func checkProvided(_ declarations: [BindingDeclaration]) throws(ResourceError) {
        var labels: [ObjectIdentifier: String] = [:]
        let replaced = Set(declarations.map(\.key))
        if declarations.allSatisfy({ $0.provided == nil }) { return }
        for binding in self.currentBindings where !replaced.contains(binding.key) {
            if let provided = binding.declaration.provided { labels[provided] = binding.label }
        }
        for declaration in declarations {
            guard let provided = declaration.provided else { continue }
            if let label = labels[provided] {
                throw ResourceError(
                    .invalidBinding,
                    key: declaration.label,
                    "\(declaration.label) cannot be bound at \(declaration.place) to the instance that \(label) is bound to, which would be disposed twice: "
                        + "bind it as an alias of \(label), or say owned: false"
                )
            }
            labels[provided] = declaration.label
        }
    }

    /// Gives a declaration the identity of its key, which is new if the key is.
    ///
    /// - Parameter isOwn: whether it is to be the container's own binding; another holds in an overlay.
    mutating func addBinding(
        _ declaration: BindingDeclaration,
        insteadOf replaced: Binding?,
        isOwn: Bool,
        at now: TimeSource.Instant
    ) -> Binding {
        self.lastBinding += 1
        let known = self.keyIDs[declaration.key]
        let path = self.typePaths.path(of: declaration.key.type, reflected: declaration.reflected)
        _ = self.typeNames.insert(path)
        let id = known ?? BindingID(self.keys.count)
        let binding = Binding(id: id, word: self.lastBinding, declaration, path: path, insteadOf: replaced)
        let shown = self.snapshot(of: binding, books: Books())
        if known == nil {
            self.keyIDs[declaration.key] = binding.id
            self.keys.append(KeyRow(key: declaration.key, path: path, shown: shown))
            self.log.append(.boxed(.bound(shown)), scope: .root, binding: binding.id, at: now)
        } else if isOwn {
            self.keys[binding.id.rawValue].shown = shown
            self.log.append(.boxed(.rebound(shown)), scope: .root, binding: binding.id, at: now)
        }
        self.keys[binding.id.rawValue].faults = binding.faults
        return binding
    }

    /// What a binding is called: as short as tells its type from the others.
    func label(of binding: Binding) -> String {
        bindingLabel(self.typeNames.name(of: binding.path), binding.key.name?.asName)
    }

    func snapshot(of binding: Binding, books: Books) -> BindingSnapshot {
        binding.snapshot(type: self.typeNames.name(of: binding.path), books: books)
    }

    /// Makes a binding the container's own.
    private mutating func hold(_ binding: Binding) {
        self.keys[binding.id.rawValue].binding = binding
        if binding.key.name == nil { self.unnamed.insert(binding, for: binding.key.word) } else { self.named[binding.key] = binding }
    }

    private mutating func replace(_ replaced: Binding, by binding: Binding) {
        // Scopes that were answered with the old binding's instance ask anew; the instance lives on as long as its scope.
        for row in self.scopes.indices {
            if let instance = self.scopes[row].scope.cache.withLock({ $0.forget(binding.key) }) { self.leavings.add(instance) }
        }
        // What the new closure asks for is seen when it asks.
        if !self.observedEdges.isEmpty { self.observedEdges = self.observedEdges.filter { $0.from != binding.id } }
        // The same object, bound anew, goes on: it must not be initialised and disposed a second time.
        let root = self.scopes[0].scope.row
        if let provided = binding.declaration.provided, provided == replaced.declaration.provided,
            let row = self.scopes[root].shared.find(replaced.word)
        {
            self.scopes[root].shared.remove(replaced.word)
            self.scopes[root].shared.insert(row, for: binding.word)
            self.resources[row].pass(to: binding)
        }
        self.retire(replaced)
    }

    /// A binding holds no more. What it captured is let go of with its last instance, at once if it has none.
    mutating func retire(_ binding: Binding) {
        let row = binding.id.rawValue
        if let faults = self.keys[row].faults, faults === binding.faults { self.keys[row].faults = self.keys[row].binding?.faults }
        if case .alias = binding.maker { self.forgetAliases(of: binding) }
        self.forgetFailures(of: binding.word)
        self.leavings.add(binding)
    }

    /// Lets go of instances as ones of an alias that holds no more. How often they were asked for goes on counting. O(active instances).
    private mutating func forgetAliases(of binding: Binding) {
        for row in 0..<self.resources.capacity where self.resources.isInUse(row) && !self.resources[row].aliases.isEmpty {
            for alias in self.resources[row].aliases where alias.binding == binding.word {
                self.resources[row].instance?.uses.wrappingAdd(alias.instance.uses.load(ordering: .relaxed), ordering: .relaxed)
                self.leavings.add(alias.instance)
            }
            self.resources[row].aliases.removeAll { $0.binding == binding.word }
        }
    }

    /// The container is closed: what its bindings captured goes, and what they are called, where they stand and what they needed stays.
    mutating func dropCaptures() {
        self.isClosed = true
        for index in self.keys.indices {
            self.keys[index].faults = nil
            guard let binding = self.keys[index].binding else { continue }
            self.leavings.add(binding)
            self.hold(binding.withoutCaptures)
        }
    }
}

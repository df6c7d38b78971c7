/// The bindings of the container.
///
/// A key keeps its identity, row and books for the lifetime of the container, even if it is rebound or overridden. Only its instances refer
/// to a replaced binding, which is released with the last of them.
extension Registry {
    /// A key that is bound or has been bound.
    struct KeyRow: Sendable {
        let key: KeyID
        let text: KeyText
        /// The qualified path of the type, from which ``TypeNames`` derives the displayed name.
        let path: String
        /// The description for snapshots, without books. It describes the container's own binding, or the overlay binding that first used
        /// the key.
        var shown: BindingSnapshot
        var books = Books()
        /// The container's own binding. Nil for a key that is bound only in overlays.
        var binding: Binding?
        /// The pending faults of the newest binding that is in effect.
        var faults: FaultPlan?
        /// The displayed key with the shortest unambiguous name of its type; nil until it is needed. See ``Registry/currentLabel(_:)``.
        var label: String?
    }

    /// Whether the container is closing or closed and therefore refuses bindings and requests.
    var isOver: Bool {
        // The root is the first scope to be opened, so it has the first row.
        self.isClosed || self.scopes[0].state != .open
    }

    /// The binding in effect for a request of `key` in `scope`. Nil for the scope is outside of all overlays.
    func binding(_ key: KeyID, in scope: Scope?) -> Binding? {
        if let overlay = scope?.overlay, let binding = overlay.find(key) { return binding }
        return self.binding(key)
    }

    /// The bindings in effect outside of overlays, in the order in which their keys were first bound.
    var currentBindings: [Binding] {
        self.keys.compactMap(\.binding)
    }

    /// The key with this identity, or nil.
    func key(_ id: BindingID) -> KeyRow? {
        self.keys.indices.contains(id.rawValue) ? self.keys[id.rawValue] : nil
    }

    /// The maximum number of keys of a container. Each key is a row in every snapshot and a series in every metrics report.
    static let mostKeys = 100_000

    private func checkTakesKeys(_ count: Int) throws(ResourceError) {
        guard self.keys.count > Self.mostKeys - count else { return }
        throw ResourceError(
            .invalidBinding,
            "container \(self.container) has \(self.keys.count) bindings, and the limit is \(Self.mostKeys): bind one resource that holds many "
                + "values under keys, such as a KeyedResourcePool"
        )
    }

    /// Adds all of the bindings, or none if one of them throws. Returns the existing instances to add to the container.
    mutating func bind(_ declarations: [BindingDeclaration], at now: TimeSource.Instant) throws(ResourceError) -> [Making] {
        if self.isOver, let declaration = declarations.first {
            throw .containerClosed(
                self.container,
                key: declaration.label,
                refused: "a binding of \(declaration.label) at \(declaration.location)",
                isClosing: !self.isClosed
            )
        }
        try self.checkTakesKeys(declarations.count { self.keyIDs[$0.key] == nil })
        var locations: [KeyID: CodeLocation] = [:]
        for declaration in declarations {
            if let location = locations[declaration.key] ?? self.binding(declaration.key)?.location, !declaration.override {
                throw ResourceError(
                    .duplicateBinding,
                    key: declaration.label,
                    "\(declaration.label) is already bound at \(location): name this binding, or pass override: true to replace that one"
                )
            }
            locations[declaration.key] = declaration.location
        }
        try self.checkProvided(declarations)
        var adoptions: [Making] = []
        for declaration in declarations {
            let replaced = self.binding(declaration.key)
            // A binding is before its fallback.
            let model = declaration.fallbackOf.flatMap { self.binding($0) } ?? replaced
            let binding = self.addBinding(declaration, inheriting: model, isOwn: true, at: now)
            self.hold(binding)
            if let replaced { self.replace(replaced, by: binding) }
            if let making = self.adopt(binding, in: self.scopes[0].scope, at: now) { adoptions.append(making) }
        }
        return adoptions
    }

    /// Rejects an object that is bound under two keys, because it would be initialized and disposed under both.
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
                    "\(declaration.label) cannot be bound at \(declaration.location): "
                        + "\(label) is bound to the same instance, and each would dispose it: "
                        + "bind it as an alias of \(label), or pass owned: false"
                )
            }
            labels[provided] = declaration.label
        }
    }

    /// Creates the binding of a declaration. It has the identity of its key, which is new if the key is.
    ///
    /// - Parameters:
    ///   - model: The binding whose lifetime a declaration without one inherits.
    ///   - isOwn: Whether this becomes the container's own binding rather than one of an overlay.
    mutating func addBinding(
        _ declaration: BindingDeclaration,
        inheriting model: Binding?,
        isOwn: Bool,
        at now: TimeSource.Instant
    ) -> Binding {
        self.lastBinding += 1
        let known = self.keyIDs[declaration.key]
        let path = self.typePaths.path(of: declaration.key.type, reflected: declaration.reflected)
        if self.typeNames.insert(path) {
            for index in self.keys.indices { self.keys[index].label = nil }
        }
        let id = known ?? BindingID(self.keys.count)
        let binding = Binding(id: id, word: self.lastBinding, declaration, path: path, inheriting: model)
        let shown = self.snapshot(of: binding, books: Books())
        if known == nil {
            self.keyIDs[declaration.key] = binding.id
            self.keysOfType[declaration.key.type, default: []].append(binding.id)
            self.keys.append(KeyRow(key: declaration.key, text: declaration.text, path: path, shown: shown))
            self.log.append(.boxed(.bound(shown)), scope: .root, binding: binding.id, at: now)
        } else if isOwn {
            self.keys[binding.id.rawValue].shown = shown
            self.log.append(.boxed(.rebound(shown)), scope: .root, binding: binding.id, at: now)
        }
        self.keys[binding.id.rawValue].faults = binding.faults
        return binding
    }

    /// Whether a binding, or the one that it was made from with an argument, is the container's own binding of its key.
    func isOwn(_ binding: Binding) -> Bool {
        self.keys[binding.id.rawValue].binding?.word == binding.word
    }

    /// The displayed key of a binding, with the shortest unambiguous name of its type.
    func label(of binding: Binding) -> String {
        bindingLabel(self.typeNames.name(of: binding.path), binding.key.name?.asName)
    }

    /// ``label(of:)`` for the key of an instance, computed once for each key and change of the names.
    mutating func currentLabel(_ id: BindingID) -> String {
        if let label = self.keys[id.rawValue].label { return label }
        let (path, name) = (self.keys[id.rawValue].path, self.keys[id.rawValue].key.name)
        let label = bindingLabel(self.typeNames.name(of: path), name?.asName)
        self.keys[id.rawValue].label = label
        return label
    }

    func snapshot(of binding: Binding, books: Books) -> BindingSnapshot {
        binding.snapshot(type: self.typeNames.name(of: binding.path), books: books)
    }

    /// Makes a binding the container's own binding of its key.
    private mutating func hold(_ binding: Binding) {
        self.keys[binding.id.rawValue].binding = binding
        if binding.key.name == nil { self.unnamed.insert(binding, for: binding.key.word) } else { self.named[binding.key] = binding }
    }

    private mutating func replace(_ replaced: Binding, by binding: Binding) {
        // Scopes that cached an instance of the old binding must resolve the key again. The instance itself lives until its scope closes.
        // A value that a scope provides remains its value if the key is declared as a value again.
        let remainsValue = replaced.form == .value && binding.form == .value
        for row in self.scopes.indices where !remainsValue {
            if let instance = self.scopes[row].scope.cache.withLock({ $0.forget(binding.key) }) { self.deferredReleases.add(instance) }
        }
        // Dependencies of the new closure are observed when it runs.
        if !self.observedEdges.isEmpty { self.observedEdges = self.observedEdges.filter { $0.from != binding.id } }
        // An object that is bound again stays active. It must not be initialized and disposed a second time.
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

    /// Ends a binding that is no longer in effect. Its captures are released with its last instance, or now if it has none.
    mutating func retire(_ binding: Binding) {
        let row = binding.id.rawValue
        if let faults = self.keys[row].faults, faults === binding.faults { self.keys[row].faults = self.keys[row].binding?.faults }
        if case .alias = binding.maker { self.forgetAliases(of: binding) }
        self.forgetFailures(of: binding.word)
        self.deferredReleases.add(binding)
    }

    /// Releases the converted instances of an alias that is no longer in effect. Their use counts are kept. O(active instances).
    private mutating func forgetAliases(of binding: Binding) {
        for row in 0..<self.resources.capacity where self.resources.isInUse(row) && !self.resources[row].aliases.isEmpty {
            for alias in self.resources[row].aliases where alias.binding == binding.word {
                self.resources[row].instance?.uses.wrappingAdd(alias.instance.uses.load(ordering: .relaxed), ordering: .relaxed)
                self.deferredReleases.add(alias.instance)
            }
            self.resources[row].aliases.removeAll { $0.binding == binding.word }
        }
    }

    /// Releases what the bindings captured when the container is closed. Keys, source locations and dependencies are kept.
    mutating func dropCaptures() {
        self.isClosed = true
        for index in self.keys.indices {
            self.keys[index].faults = nil
            guard let binding = self.keys[index].binding else { continue }
            self.deferredReleases.add(binding)
            self.hold(binding.withoutCaptures)
        }
    }
}

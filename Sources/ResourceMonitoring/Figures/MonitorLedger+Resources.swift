import ResourceContainer

/// The events about single instances.
extension MonitorLedger {
    mutating func applyToResource(_ event: ResourceEvent) {
        guard let id = event.resource, let binding = event.binding, self.bindings.indices.contains(binding.rawValue) else { return }
        if event.kind == .initializing {
            self.activity.count { $0.created.addSaturated(1) }
            let resource = ResourceSnapshot(id: id, binding: binding, scope: event.scope, createdAt: event.time)
            self.resources.insert(ResourceRow(resource: resource), id: id, change: self.change)
            self.count(event) { books in
                books.created.addSaturated(1)
                books.initializing.addSaturated(1)
            }
            return
        }
        // A resource without a row, which ended long ago, still counts in the books: an error may be reported late.
        let index = self.resources.index(of: id)
        let wasActive = index.map { self.resources[index: $0].resource.state.isActive } ?? false
        self.countStep(event, of: binding, isActive: wasActive)
        guard let index else { return }
        self.resources[index: index].apply(event)
        self.resources.touch(index, change: self.change)
        if wasActive, !self.resources[index: index].resource.state.isActive { self.resources.end(index) }
    }

    /// Applies an event to books and statistics.
    private mutating func countStep(_ event: ResourceEvent, of binding: BindingID, isActive: Bool) {
        switch event.kind {
        case .ready(let took, _, _):
            self.initialize.record(took)
            self.bindings[binding.rawValue].initialize.record(took)
            self.count(event) { books in
                books.initializing.subtractSaturated(1)
                books.ready.addSaturated(1)
            }
        case .initializationFailed:
            self.activity.count { $0.ended.addSaturated(1) }
            self.count(event) { books in
                books.initializing.subtractSaturated(1)
                books.initFailed.addSaturated(1)
                books.errors.addSaturated(1)
            }
        case .disposing:
            self.count(event) { books in
                books.ready.subtractSaturated(1)
                books.disposing.addSaturated(1)
            }
        case .disposed(let took, let lived):
            self.recordEnd(event, of: binding, took: took, lived: lived)
            self.count(event) { books in
                books.disposing.subtractSaturated(1)
                books.disposed.addSaturated(1)
            }
        case .disposeThrew(_, let took, let lived):
            self.disposeThrew.addSaturated(1)
            self.recordEnd(event, of: binding, took: took, lived: lived)
            self.count(event) { books in
                books.disposing.subtractSaturated(1)
                books.disposed.addSaturated(1)
                books.errors.addSaturated(1)
            }
        case .abandoned(let phase, _):
            self.activity.count { $0.ended.addSaturated(1) }
            self.count(event) { books in
                switch phase {
                case .initialize: books.initializing.subtractSaturated(1)
                case .dispose: books.disposing.subtractSaturated(1)
                }
                books.abandoned.addSaturated(1)
                books.errors.addSaturated(1)
            }
        case .errorReported, .leaseTimedOut, .leaseExhausted:
            // An error of an ended instance counts for its key but for no scope, since the scope may have closed.
            if case .errorReported = event.kind {} else { self.leaseErrors.addSaturated(1) }
            self.count(event, inScope: isActive) { $0.errors.addSaturated(1) }
        case .healthChanged:
            self.knowsHealth = true
        default:
            break
        }
    }

    private mutating func recordEnd(_ event: ResourceEvent, of binding: BindingID, took: Duration, lived: Duration) {
        self.activity.count { $0.ended.addSaturated(1) }
        self.dispose.record(took)
        self.lifetimes.record(lived)
        self.bindings[binding.rawValue].dispose.record(took)
        self.bindings[binding.rawValue].lifetimes.record(lived)
        if let scope = self.scopes.index(of: event.scope) { self.scopes[index: scope].lifetimes.record(lived) }
    }

    /// Changes the books of the container, of the event's binding and of its scope in the same way.
    private mutating func count(_ event: ResourceEvent, inScope: Bool = true, _ change: (inout Books) -> Void) {
        let errors = self.books.errors
        change(&self.books)
        if self.books.errors > errors { self.activity.count { $0.errors.addSaturated(1) } }
        if let binding = event.binding {
            let before = self.bindings[binding.rawValue].row.binding.books.active
            change(&self.bindings[binding.rawValue].row.binding.books)
            self.bindings[binding.rawValue].change = self.change
            let after = self.bindings[binding.rawValue].row.binding.books.active
            if after != before { self.countActive(after.subtractingSaturated(before), key: self.bindings[binding.rawValue].key) }
        }
        if inScope, let scope = self.scopes.index(of: event.scope) {
            change(&self.scopes[index: scope].row.scope.books)
            self.scopes.touch(scope, change: self.change)
        }
    }

    private mutating func countActive(_ more: Int, key: Int) {
        self.keys[key].active.addSaturated(more)
        if self.keys[key].active > self.keys[key].peak { self.keys[key].peak = self.keys[key].active }
    }
}

extension ResourceRow {
    /// Applies an event of this instance.
    fileprivate mutating func apply(_ event: ResourceEvent) {
        switch event.kind {
        case .ready(let took, let order, let dependencies):
            self.initializeTook = took
            self.resource.state = .ready
            self.resource.readyAt = event.time
            self.resource.readyOrder = order
            self.resource.dependencies = dependencies
        case .initializationFailed(let text, let took):
            self.initializeTook = took
            self.end(.initFailed, error: text, at: event.time)
        case .dependencyAdded(let dependency):
            self.resource.dependencies.append(dependency)
        case .disposing:
            self.resource.state = .disposing
            self.endedAt = event.time
        case .disposed:
            self.end(.disposed, error: nil, at: event.time)
        case .disposeThrew(let text, _, _):
            self.end(.disposed, error: text, at: event.time)
            self.disposeThrew = true
        case .abandoned(let phase, let budget):
            let error = budget == .zero ? ResourceEvent.droppedText : "\(phase.rawValue) did not finish within \(budget)"
            self.end(.abandoned, error: error, at: event.time)
        case .errorReported(let text):
            self.errors += 1
            self.lastError = text
        case .leaseTimedOut(_, let text):
            self.errors += 1
            self.lastError = text
        case .leaseExhausted:
            self.errors += 1
            self.lastError = "an acquisition was refused: no item was free"
        case .healthChanged(_, let result):
            self.resource.health = result
        default:
            break
        }
    }

    private mutating func end(_ state: ResourceState, error: String?, at time: TimeSource.Instant) {
        self.resource.state = state
        if self.endedAt == nil { self.endedAt = time }
        if let error {
            self.errors += 1
            self.lastError = error
        }
    }
}

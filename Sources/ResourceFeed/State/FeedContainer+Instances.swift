import ResourceContainer

/// The life of instances.
extension FeedContainer {
    /// The number of the instance with this name that has not ended.
    func instance(_ name: String) throws(FeedFault) -> ResourceID {
        guard let id = self.instanceIDs[name] else { throw FeedFault("no instance '\(name.asName)' is alive") }
        return id
    }

    private func row(_ name: String) throws(FeedFault) -> InstanceRow {
        guard let row = self.instances[try self.instance(name)] else { throw FeedFault("no instance '\(name.asName)' is alive") }
        return row
    }

    mutating func make(_ type: String, _ name: String, in scope: String?, needs: [String], at time: TimeSource.Instant) throws(FeedFault) {
        guard self.instanceIDs[name] == nil else { throw FeedFault("instance '\(name.asName)' is made twice") }
        let scope = try self.scope(scope)
        guard self.instances.count < FeedLimits.alive else { throw FeedFault("more than \(FeedLimits.alive) instances are alive") }
        let binding = try self.binding(of: type, at: time)
        let id = self.number(of: name, binding, in: scope)
        var shown = ResourceSnapshot(id: id, binding: binding, scope: scope, createdAt: time)
        shown.dependencies = self.dependencies(needs, of: name, at: time)
        self.instances[id] = InstanceRow(name: name, shown: shown)
        self.instanceIDs[name] = id
        self.scopes[scope]?.instances.insert(id)
        self.count(shown) { books in
            books.created += 1
            books.initializing += 1
        }
        self.record(.initializing, scope, id, binding, at: time)
    }

    mutating func ready(_ name: String, took: Duration?, needs: [String], at time: TimeSource.Instant) throws(FeedFault) {
        var row = try self.row(name)
        guard row.shown.state == .initializing else { throw FeedFault("instance '\(name.asName)' becomes ready twice") }
        let took = self.measured(took, since: row.shown.createdAt, row.name, at: time)
        for dependency in self.dependencies(needs, of: name, at: time) where !row.shown.dependencies.contains(dependency) {
            row.shown.dependencies.append(dependency)
        }
        row.shown.state = .ready
        row.shown.readyAt = max(time, row.shown.createdAt)
        let order = self.nextOrder()
        row.shown.readyOrder = order
        self.instances[row.shown.id] = row
        self.move(row.shown, from: \.initializing, to: \.ready)
        self.record(.ready(took: took, order: order, dependencies: row.shown.dependencies), of: row, at: time)
    }

    mutating func failed(_ name: String, _ text: String, took: Duration?, at time: TimeSource.Instant) throws(FeedFault) {
        let row = try self.row(name)
        guard row.shown.state == .initializing else {
            throw FeedFault("the creation of instance '\(name.asName)' fails, but the instance was ready")
        }
        self.fail(row, text, took: took, at: time)
    }

    private mutating func fail(_ row: InstanceRow, _ text: String, took: Duration?, at time: TimeSource.Instant) {
        let took = self.measured(took, since: row.shown.createdAt, row.name, at: time)
        self.move(row.shown, from: \.initializing, to: \.initFailed, isError: true)
        self.end(row, .neverInitialized, took: took, error: text)
        self.record(.initializationFailed(text, took: took), of: row, at: time)
    }

    mutating func error(_ name: String, _ text: String, at time: TimeSource.Instant) throws(FeedFault) {
        let row = try self.row(name)
        self.count(row.shown) { $0.errors += 1 }
        self.record(.errorReported(text), of: row, at: time)
    }

    mutating func disposing(_ name: String, at time: TimeSource.Instant) throws(FeedFault) {
        let row = try self.row(name)
        switch row.shown.state {
        case .ready: self.beginDisposing(row, at: time)
        case .initializing: throw FeedFault("the dispose of instance '\(name.asName)' starts before the instance is ready")
        case .disposing, .disposed, .initFailed, .abandoned:
            throw FeedFault("the dispose of instance '\(name.asName)' starts twice")
        }
    }

    private mutating func beginDisposing(_ row: InstanceRow, at time: TimeSource.Instant) {
        self.instances[row.shown.id]?.shown.state = .disposing
        self.instances[row.shown.id]?.disposingAt = time
        self.move(row.shown, from: \.ready, to: \.disposing)
        self.record(.disposing, of: row, at: time)
    }

    /// The dispose finished. An instance that never became ready counts as failed, as in a container.
    mutating func disposed(_ name: String, took: Duration?, threw: String?, at time: TimeSource.Instant) throws(FeedFault) {
        let row = try self.row(name)
        guard row.shown.state != .initializing else {
            return self.fail(row, threw ?? "it was disposed before it was ready", took: took, at: time)
        }
        if row.shown.state == .ready { self.beginDisposing(row, at: time) }
        let readyAt = row.shown.readyAt ?? row.shown.createdAt
        let began = row.disposingAt ?? time
        // A dispose that is reported at its end only may have begun at any time since the instance was ready.
        let took = took == nil ? time - began : self.measured(took, since: readyAt, row.name, at: time)
        self.move(row.shown, from: \.disposing, to: \.disposed, isError: threw != nil)
        if threw != nil { self.scopes[row.shown.scope]?.threw += 1 }
        self.end(row, threw == nil ? .disposed : .threw, took: took, error: threw)
        let lived = max(.zero, began - readyAt)
        if let threw {
            self.record(.disposeThrew(threw, took: took, lived: lived), of: row, at: time)
        } else {
            self.record(.disposed(took: took, lived: lived), of: row, at: time)
        }
    }

    mutating func abandoned(_ name: String, budget: Duration?, at time: TimeSource.Instant) throws(FeedFault) {
        self.abandon(try self.row(name), budget: budget, at: time)
    }

    /// Without a stated budget, it is the duration of the step so far: zero for a dispose that did not start.
    private mutating func abandon(_ row: InstanceRow, budget: Duration?, at time: TimeSource.Instant) {
        let isNew = row.shown.state == .initializing
        if row.shown.state == .ready { self.beginDisposing(row, at: time) }
        self.move(row.shown, from: isNew ? \.initializing : \.disposing, to: \.abandoned, isError: true)
        let took = time - (isNew ? row.shown.createdAt : row.disposingAt ?? time)
        let budget = budget ?? took
        self.end(row, .abandoned, took: took, error: budget == .zero ? ResourceEvent.droppedText : nil)
        self.record(.abandoned(isNew ? .initialize : .dispose, budget: budget), of: row, at: time)
    }

    /// The scope of an instance closes, and the instance has not ended: its dispose did not run.
    mutating func leave(_ id: ResourceID, at time: TimeSource.Instant) {
        guard let row = self.instances[id] else { return }
        if row.shown.state == .initializing {
            self.fail(row, "its scope closed", took: nil, at: time)
        } else {
            self.abandon(row, budget: nil, at: time)
        }
    }

    // MARK: Figures without an end

    mutating func health(
        _ name: String,
        _ status: HealthStatus,
        _ text: String?,
        took: Duration?,
        at time: TimeSource.Instant
    ) throws(FeedFault) {
        let row = try self.row(name)
        let result = HealthResult(status: status, message: text, probe: "feed", latency: took ?? .zero, time: time)
        self.instances[row.shown.id]?.shown.health = result
        let before = row.shown.health
        guard before?.status != status || before?.message != result.message else { return }
        self.record(.healthChanged(from: before?.status ?? .unknown, to: result), of: row, at: time)
    }

    mutating func use(_ name: String, times: Int?) throws(FeedFault) {
        let row = try self.row(name)
        let times = times ?? min(row.shown.uses + 1, FeedLimits.count)
        guard times >= row.shown.uses else {
            throw FeedFault("instance '\(name.asName)' was used \(row.shown.uses) times, and now \(times) times")
        }
        self.instances[row.shown.id]?.shown.uses = times
        self.usedInstances.insert(row.shown.id)
    }

    // MARK: Parts

    /// Records an event of an instance.
    private mutating func record(_ kind: ResourceEvent.Kind, of row: InstanceRow, at time: TimeSource.Instant) {
        self.record(kind, row.shown.scope, row.shown.id, row.shown.binding, at: time)
    }

    /// The numbers of the instances that an instance needs. Names that are unknown, or repeated, or that of the instance itself, are left out.
    private mutating func dependencies(_ names: [String], of name: String, at time: TimeSource.Instant) -> [ResourceID] {
        var found: [ResourceID] = []
        for needed in names {
            if let id = self.instanceIDs[needed], needed != name {
                if !found.contains(id) { found.append(id) }
            } else {
                self.note("feed: instance '\(name.asName)' needs '\(needed.asName)', which is not alive", at: time)
            }
        }
        return found
    }

    /// The duration of a step: the stated one, unless it is longer than the time in which it happened.
    private mutating func measured(_ stated: Duration?, since: TimeSource.Instant, _ name: String, at time: TimeSource.Instant) -> Duration
    {
        let passed = max(.zero, time - since)
        guard let stated else { return passed }
        // A description of what exists has no times of steps.
        guard self.description == nil else { return .zero }
        if stated <= passed + Self.lead { return stated }
        self.note("feed: a step of instance '\(name.asName)' took \(stated.brief), but the instance exists for \(passed.brief)", at: time)
        return passed
    }

    /// Removes an instance that has ended.
    private mutating func end(_ row: InstanceRow, _ outcome: DisposeReport.Outcome, took: Duration, error: String?) {
        let id = row.shown.id
        let label = "\(self.bindings[row.shown.binding.rawValue].label)"
        self.closes.ended(id, label, in: row.shown.scope, outcome, took: took, error: error)
        self.instances[id] = nil
        self.instanceIDs[row.name] = nil
        self.pools[id] = nil
        self.usedInstances.remove(id)
        self.scopes[row.shown.scope]?.instances.remove(id)
    }

    /// Moves an instance from one count of the books to another.
    private mutating func move(
        _ shown: ResourceSnapshot,
        from: WritableKeyPath<Books, Int>,
        to: WritableKeyPath<Books, Int>,
        isError: Bool = false
    ) {
        self.count(shown) { books in
            books[keyPath: from] -= 1
            books[keyPath: to] += 1
            if isError { books.errors += 1 }
        }
    }

    /// Changes the books of the container, of a type, and of a scope in the same way.
    private mutating func count(_ shown: ResourceSnapshot, _ change: (inout Books) -> Void) {
        change(&self.books)
        change(&self.bindings[shown.binding.rawValue].books)
        if var scope = self.scopes[shown.scope] {
            change(&scope.shown.books)
            self.scopes[shown.scope] = scope
        }
    }
}

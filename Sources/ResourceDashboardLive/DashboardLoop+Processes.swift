import ResourceContainer
import ResourceDashboard
import ResourceMonitoring

/// The attached processes of a loop: which ones have a feed, which one is shown, and the updates of the others.
extension DashboardLoop {
    /// Whether the source is an attached process, whose connection changes without updates.
    var isAttached: Bool {
        self.source.processes != nil || self.source.connection != nil
    }

    /// Begins to read a process.
    mutating func open(_ process: ProcessID, _ source: any DashboardSource, in group: inout TaskGroup<Arrival>) {
        self.feeds[process] = ProcessFeed(source, rate: self.rate)
        group.addTask {
            await source.run()
            return .ran
        }
    }

    // MARK: Rows

    /// Shows the present rows, and reads their changes from now on.
    mutating func begin(_ changes: AsyncStream<Void>, in group: inout TaskGroup<Arrival>) async {
        await self.takeRows(in: &group)
        self.awaitChange(changes, in: &group)
    }

    func awaitChange(_ changes: AsyncStream<Void>, in group: inout TaskGroup<Arrival>) {
        group.addTask {
            var iterator = changes.makeAsyncIterator()
            return .processes(await iterator.next() != nil)
        }
    }

    /// Takes the rows of the directory: opens feeds of new processes, and forgets those of processes that are gone. A new process that has
    /// ended has nothing to show, so it gets no feed.
    mutating func takeRows(in group: inout TaskGroup<Arrival>) async {
        guard let directory = self.source.processes else { return }
        let rows = directory.rows()
        self.deck.take(rows)
        for row in rows where self.feeds[row.id] == nil && !row.status.hasEnded {
            guard let source = directory.source(of: row.id) else { continue }
            self.deck.add(row.id, origin: source.origin, isReadonly: source.control == nil, reach: source.reach)
            self.open(row.id, source, in: &group)
            self.requestUpdate(of: row.id, in: &group)
        }
        for (process, feed) in self.feeds where !self.deck.contains(process) && feed.isIdle { self.feeds[process] = nil }
        self.followSuccessor()
    }

    /// Goes to the process that replaced the shown one, in the same view, if the options request it.
    private mutating func followSuccessor() {
        guard self.followsSuccessor, let next = self.deck.successor else { return }
        let notice = "\(self.deck.shown) has ended; \(next) has taken its place"
        if self.deck.show(next, in: self.deck.state.view, notice: notice) { self.feeds[next]?.source.loadPast() }
    }

    /// Shows a process at the request of the user.
    mutating func show(_ process: ProcessID, in view: DashboardView?, in group: inout TaskGroup<Arrival>) async {
        if self.deck.show(process, in: view) {
            self.feeds[process]?.source.loadPast()
            return await self.pollReach(in: &group)
        }
        let reason = "nothing was seen of \(process)"
        await self.send(.finished(.failed(.showProcess(process, view: view), reason)), in: &group)
    }

    /// Shows the past that the source of a process has loaded since it was first shown. The state begins again with it. On a process on which
    /// the user has acted, the past is not shown, because the state knows what is not finished.
    mutating func joinPast(before update: MonitorUpdate, of process: ProcessID, in group: inout TaskGroup<Arrival>) async {
        guard let feed = self.feeds[process], !feed.hasActed else { return }
        for past in feed.source.takePast(before: update) { await self.send(.monitor(past), to: process, in: &group) }
    }

    // MARK: Ticks

    func startTick(in group: inout TaskGroup<Arrival>) {
        group.addTask { [time] in
            try? await time.sleep(for: Self.hiddenInterval)
            return .tick
        }
    }

    /// Requests an update of each process that is not shown, and shows what has changed without an update.
    mutating func tick(in group: inout TaskGroup<Arrival>) async {
        for process in Array(self.feeds.keys) where process != self.deck.shown { self.requestUpdate(of: process, in: &group) }
        self.deck.refresh()
        if self.source.processes == nil, let status = self.source.connection { await self.send(.connection(status), in: &group) }
        await self.pollReach(in: &group)
        self.startTick(in: &group)
    }

    /// Passes the reach of the flight recorder to the shown state, if it has changed by a second.
    mutating func pollReach(in group: inout TaskGroup<Arrival>) async {
        let process = self.deck.shown
        guard let feed = self.feeds[process], case let reach = feed.source.reach, Self.seconds(reach) != Self.seconds(feed.reach)
        else { return }
        self.feeds[process]?.reach = reach
        await self.send(.reach(reach), in: &group)
    }

    private static func seconds(_ reach: Duration?) -> Int64? {
        reach.map { $0.wholeNanoseconds / 1_000_000_000 }
    }
}

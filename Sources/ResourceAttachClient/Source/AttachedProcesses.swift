import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The processes that a dashboard is attached to: a connection to each, and the search for those that replace processes after their end.
///
/// The connections end with ``close()``, or with the last reference.
public final class AttachedProcesses: ProcessDirectory {
    struct State: Sendable {
        var list = ProcessList()
        var handles: [ProcessID: AttachHandle] = [:]
        var search = SuccessorSearch()
        /// Fulfilled at the end of the thread that searches for successors; nil if none does.
        var searching: Promise<Void>?
        var isClosed = false
    }

    private let options: AttachClientOptions
    private let discovery: ProcessDiscovery
    private let time: TimeSource
    private let state: Lock<State>

    /// The shortest time between two elements of ``changes()``.
    private static let interval = Duration.milliseconds(250)
    /// The longest time to wait for a process on this machine when attaching. One that is stopped answers later.
    private static let localLimit = Duration.seconds(3)
    /// The longest time between two elements of ``changes()``: ages in the rows advance.
    private static let idle = Duration.seconds(1)

    /// Attaches to the processes that `targets` mean, and waits until each has answered or refused.
    ///
    /// - Throws: ``AttachFailure`` if a target means no process, or if no process answers.
    public static func attach(
        to targets: [AttachTarget],
        options: AttachClientOptions = AttachClientOptions()
    ) async throws(AttachFailure) -> AttachedProcesses {
        let found = Promise<Result<[AttachEndpoint], AttachFailure>>()
        // A search blocks, and a thread of the concurrency pool must not.
        let isRunning = LibraryThread.start(.attach) {
            found.fulfill(
                Result { () throws(AttachFailure) in
                    let discovery = ProcessDiscovery()
                    var endpoints: [AttachEndpoint] = []
                    for target in targets { endpoints += try discovery.resolve(target) }
                    return endpoints
                }
            )
        }
        guard isRunning else { throw AttachFailure("too many threads run in this program") }
        return try await self.attach(to: try await found.waitThroughCancellation().get(), options: options)
    }

    /// Attaches to the servers at `endpoints`, of which there is at least one, and waits until each has answered or refused, at most for
    /// `limit`.
    ///
    /// - Throws: ``AttachFailure`` with the reason of the first one if none answers.
    package static func attach(
        to endpoints: [AttachEndpoint],
        options: AttachClientOptions = AttachClientOptions(),
        discovery: ProcessDiscovery = ProcessDiscovery(),
        within limit: Duration = .seconds(20),
        time: TimeSource = .system
    ) async throws(AttachFailure) -> AttachedProcesses {
        let handles = endpoints.map { endpoint in
            AttachHandle(AttachLink(endpoint, loadsPast: options.loadsPast, time: time), acts: options.acts)
        }
        for handle in handles { handle.link.start() }
        let now = time.now
        for handle in handles {
            let end = now + (handle.link.endpoint.isLocal ? min(limit, Self.localLimit) : limit)
            _ = await handle.link.settle(within: max(.zero, end - time.now))
        }
        guard handles.contains(where: { $0.link.header != nil }) else {
            let reason = Self.refusal(of: handles.first?.link)
            await Self.close(handles.map(\.link))
            throw AttachFailure(reason)
        }
        return AttachedProcesses(handles, options: options, discovery: discovery, time: time)
    }

    /// Why nothing is known of the process of a connection.
    static func refusal(of link: AttachLink?) -> String {
        guard let link else { return "there is no process to attach to" }
        if case .refused(let reason) = link.phase { return reason }
        if let complaint = link.complaint { return "\(link.endpoint) does not answer: \(complaint)" }
        let cause =
            link.endpoint == .input
            ? "no line of the program is the first line of a feed"
            : link.endpoint.isLocal ? "its process is stopped, or has no time" : "the command is running, and nothing has arrived"
        return "\(link.endpoint) does not answer: \(cause)"
    }

    private init(_ handles: [AttachHandle], options: AttachClientOptions, discovery: ProcessDiscovery, time: TimeSource) {
        self.options = options
        self.discovery = discovery
        self.time = time
        var state = State()
        for handle in handles {
            let id = state.list.add(handle.link.endpoint, handle.link.header?.attach, after: nil)
            state.handles[id] = handle
        }
        self.state = Lock(state)
    }

    /// Ends the connections, the commands that they lead through, and the search for successors. Returns after all of them have ended. The
    /// rows keep their last figures.
    public func close() async {
        let (links, searching) = self.state.withLock { state in
            state.isClosed = true
            return (state.handles.values.map(\.link), state.searching)
        }
        await Self.close(links)
        await searching?.waitThroughCancellation()
    }

    private static func close(_ links: [AttachLink]) async {
        await withTaskGroup(of: Void.self) { group in
            for link in links { group.addTask { await link.close() } }
        }
    }

    private var isClosed: Bool { self.state.withLock { $0.isClosed } }

    // MARK: Rows

    /// The source of the first process that answered, to be shown first.
    public var first: AttachedSource? {
        let ids = self.state.withLock { $0.list.ids }
        let sources = ids.compactMap { self.attached($0) }
        return sources.first { $0.link.header != nil } ?? sources.first
    }

    /// Returns the attached processes, each followed by those that replaced it.
    public func rows() -> [ProcessRow] {
        let (list, handles) = self.state.withLock { ($0.list, $0.handles) }
        return list.ids.compactMap { id in
            handles[id].map { handle in handle.link.row(id, successor: list.successor(of: id), handle.gate) }
        }
    }

    /// Returns a stream with an element after a change, at most four a second, and at least about one a second. While it is read,
    /// successors of processes that have ended are searched for.
    public func changes() -> AsyncStream<Void> {
        let last = Lock<TimeSource.Instant?>(nil)
        return AsyncStream {
            if Task.isCancelled { return nil }
            let (began, time) = (last.withLock { $0 }, self.time)
            let news = self.state.withLock { $0.handles.values.map(\.link.news) }
            if let began {
                await Self.wait(for: news, until: began + Self.idle, time)
                let earliest = began + Self.interval
                if time.now < earliest { try? await time.sleep(until: earliest) }
            }
            if Task.isCancelled { return nil }
            last.withLock { $0 = time.now }
            self.searchSuccessors()
            return ()
        }
    }

    private static func wait(for news: [Promise<Void>], until moment: TimeSource.Instant, _ time: TimeSource) async {
        await withTaskGroup(of: Void.self) { group in
            for promise in news { group.addTask { _ = await promise.wait() } }
            group.addTask { try? await time.sleep(until: moment) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns the source of a process. All sources of a process share its connection and its updates.
    public func source(of id: ProcessID) -> (any DashboardSource)? {
        self.attached(id)
    }

    private func attached(_ id: ProcessID) -> AttachedSource? {
        self.state.withLock { $0.handles[id] }.map { AttachedSource($0, id: id, processes: self) }
    }

    /// Connects to a process now instead of at the next time; a silent connection is closed for it.
    public func reconnectNow(_ id: ProcessID) {
        self.state.withLock { $0.handles[id] }?.link.retry()
    }

    // MARK: Successors

    /// Begins a search, on a separate thread, if processes have ended and a search is due.
    private func searchSuccessors() {
        let now = self.time.now
        let ended = self.endedProcesses()
        let end = Promise<Void>()
        let due: [EndedProcess] = self.state.withLock { state in
            guard state.searching == nil, !state.isClosed else { return [] }
            let due = state.search.due(ended, at: now)
            if !due.isEmpty { state.searching = end }
            return due
        }
        if due.isEmpty { return }
        // A search blocks, and a thread of the concurrency pool must not.
        let isRunning = LibraryThread.start(.attach) { [self] in
            self.search(for: due)
            self.endSearch(for: due)
            end.fulfill(())
        }
        if isRunning { return }
        self.endSearch(for: due)
        end.fulfill(())
    }

    private func endSearch(for searched: [EndedProcess]) {
        let now = self.time.now
        self.state.withLock { state in
            state.searching = nil
            state.search.note(searched, at: now)
        }
    }

    /// The processes that have ended and have no successor.
    private func endedProcesses() -> [EndedProcess] {
        let (list, handles) = self.state.withLock { ($0.list, $0.handles) }
        return list.ids.compactMap { id in
            guard list.successor(of: id) == nil, let link = handles[id]?.link, link.endpoint.canReconnect else { return nil }
            return EndedProcess(id, link)
        }
    }

    private func search(for ended: [EndedProcess]) {
        let local = ended.filter(\.endpoint.isLocal)
        let found = local.isEmpty ? [] : self.discovery.find().processes
        for process in ended where !self.isClosed {
            guard process.endpoint.isLocal else {
                self.tryAgain(process)
                continue
            }
            let known = self.state.withLock { $0.list.instances }
            guard let next = process.successor(among: found, except: known) else { continue }
            let link = AttachLink(next.endpoint, probed: next, loadsPast: self.options.loadsPast, time: self.time)
            self.add(AttachHandle(link, acts: self.options.acts), next.description, after: process.id)
        }
    }

    /// Connects again through a command. If it reaches a following run, that is the successor.
    private func tryAgain(_ process: EndedProcess) {
        let link = AttachLink(process.endpoint, loadsPast: self.options.loadsPast, time: self.time)
        link.start()
        let end = self.time.now + SuccessorSearch.commandLimit
        while self.time.now < end, link.header == nil, !link.isOver, !self.isClosed { SuccessorSearch.pause() }
        guard let description = link.header?.attach, process.isFollowed(by: description) else { return link.closeBlocking() }
        self.add(AttachHandle(link, acts: self.options.acts), description, after: process.id)
    }

    /// Adds a successor, unless the connections are closed.
    private func add(_ handle: AttachHandle, _ description: AttachDescription?, after predecessor: ProcessID) {
        let isAdded = self.state.withLock { state in
            guard !state.isClosed else { return false }
            let id = state.list.add(handle.link.endpoint, description, after: predecessor)
            state.handles[id] = handle
            return true
        }
        if isAdded { handle.link.start() } else { handle.link.closeBlocking() }
    }
}

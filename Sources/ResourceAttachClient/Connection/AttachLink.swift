import LocalSockets
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The connection to one process, which a thread keeps open: the shell around ``AttachedProcess``, ``AttachedFigures``, and
/// ``PendingCommands``.
///
/// The thread waits in `poll`, so it also works while every thread of this program's concurrency pool is blocked. It begins with
/// ``start()`` and ends with ``stop()``, or with ``close()``, which waits for it.
package final class AttachLink: Sendable {
    typealias CommandResult = Result<AttachAnswer, AttachFailure>

    struct State: Sendable {
        var process: AttachedProcess
        /// The number of the process on this machine, as the system states it; nil before the first connection.
        var peer: Int32?
        var figures = AttachedFigures()
        var pending = PendingCommands<Promise<CommandResult>>()
        /// The loading of the past that the server keeps; nil until it begins.
        var pastLoad: PastLoad?
        /// The bytes of requests that are not sent.
        var outbox: [UInt8] = []
        /// The last line of the error output of the command that the connection leads through; nil if it wrote none.
        var complaint: String?
        /// Fulfilled and replaced at the next change.
        var news = Promise<Void>()
        /// Fulfilled at the end of the thread; nil if it was not started.
        var end: Promise<Void>?
        var isStopped = false
    }

    /// The place where the server is reached.
    package let endpoint: AttachEndpoint
    /// The process as a probe has seen it before; nil if it was not probed.
    let probed: LocalProcess?
    /// The time source of the client: of deadlines, and of the times of ``AttachedProcess``.
    let time: TimeSource
    /// Fulfilled when the process has ended or the link is stopped: no further update has a time to wait for.
    let over = Promise<Void>()
    /// The content of the stream: everything, or the figures of the process's monitor.
    let mode: AttachMode
    /// Whether the past that the server keeps may be loaded.
    let loadsPast: Bool
    let state: Lock<State>
    /// Nil if too many files are open.
    let wake: WakePipe?

    /// The time to wait for the header of a server that a command connects to.
    private static let commandPatience = Duration.seconds(20)

    /// Creates a connection that is not open.
    ///
    /// - Parameters:
    ///   - endpoint: The place where the server is reached.
    ///   - mode: The content of the stream: `full`, or `report` for the figures of the process's monitor only.
    ///   - probed: The process as a probe has seen it. If it ends before it is connected, it has ended and is not refused.
    ///   - loadsPast: Whether the past that the server keeps may be loaded.
    ///   - time: The time source of the client.
    package init(
        _ endpoint: AttachEndpoint,
        mode: AttachMode = .full,
        probed: LocalProcess? = nil,
        loadsPast: Bool = false,
        time: TimeSource = .system
    ) {
        self.endpoint = endpoint
        self.mode = mode
        self.probed = probed
        self.time = time
        self.loadsPast = loadsPast
        self.wake = try? WakePipe()
        let patience = endpoint.isLocal ? AttachLimits.silent : Self.commandPatience
        self.state = Lock(State(process: AttachedProcess(of: probed?.description?.instance, patience: patience, at: time.now)))
    }

    // MARK: Control

    /// Starts the thread, unless it was started before.
    package func start() {
        let end = Promise<Void>()
        let isFirst = self.state.withLock { state in
            guard state.end == nil, !state.isStopped else { return false }
            state.end = end
            return true
        }
        guard isFirst else { return }
        if let wake = self.wake {
            let isRunning = LibraryThread.start(.attach) {
                var thread = AttachThread(self, wake)
                thread.run()
                end.fulfill(())
            }
            if isRunning { return }
        }
        self.change { $0.process.refuse("too many files or threads are open in this program") }
        end.fulfill(())
    }

    /// Ends the thread, which closes the connection and ends the command that it leads through. Commands that are not answered fail.
    package func stop() {
        self.change { $0.isStopped = true }
        self.wake?.wake()
        self.state.withLock { $0.pastLoad }?.wake.wake()
    }

    /// Ends the connection, and returns after it is closed and the command that it leads through has ended.
    package func close() async {
        self.stop()
        for end in self.ends { await end.waitThroughCancellation() }
    }

    /// Ends the connection like ``close()``, and blocks the calling thread until then.
    func closeBlocking() {
        self.stop()
        for end in self.ends { end.waitBlocking() }
    }

    /// Fulfilled at the end of the threads that were started.
    private var ends: [Promise<Void>] {
        self.state.withLock { [$0.end, $0.pastLoad?.end].compactMap { $0 } }
    }

    /// Whether the connection was ended by ``stop()``.
    var isStopped: Bool {
        self.state.withLock { $0.isStopped }
    }

    /// Connects now instead of at the next time, unless data arrive, the connection is being opened, or the process has ended.
    package func retry() {
        self.change { $0.process.retry(at: self.time.now) }
        self.wake?.wake()
    }

    // MARK: Reading

    /// The state of the connection.
    package var status: ConnectionStatus {
        let now = self.time.now
        return self.state.withLock { $0.process.status(at: now, lag: $0.figures.lag) }
    }

    /// The phase of the connection.
    package var phase: ConnectionPhase {
        self.state.withLock { $0.process.phase }
    }

    /// The newest header; nil before the first one.
    package var header: RecordingHeader? {
        self.state.withLock { $0.figures.header }
    }

    /// The number of the process on this machine, as `resmon ps` shows it; nil if the system does not state it. The process itself and its
    /// socket may have another number: that of its own namespace.
    package var processNumber: Int32? {
        self.state.withLock { $0.peer }
    }

    /// The description of the process, in its newest header or as a probe has seen it; nil before both.
    var description: AttachDescription? {
        self.header?.attach ?? self.probed?.description
    }

    /// The name of the container, in the newest header or as a probe has seen it; nil before both.
    var container: String? {
        self.header?.container ?? self.probed?.container
    }

    /// The last line of the error output of the command that the connection leads through; nil if it wrote none.
    var complaint: String? {
        self.state.withLock { $0.complaint }
    }

    /// The figures of the container; nil before the first ones. They are current while the status is `live`.
    package var report: MonitorReport? {
        self.state.withLock { $0.figures.currentReport }
    }

    /// Reads or changes the figures under the lock.
    func withFigures<Value: Sendable>(_ read: (inout AttachedFigures) -> Value) -> Value {
        self.state.withLock { state in read(&state.figures) }
    }

    /// Fulfilled at the next change of the figures or of the connection.
    package var news: Promise<Void> {
        self.state.withLock { $0.news }
    }

    /// Returns the next update if there are changes; nil if there are none.
    func takeUpdate() -> MonitorUpdate? {
        self.state.withLock { state in state.figures.hasNews ? state.figures.update() : nil }
    }

    /// Waits until the first figures have arrived, or until the process has ended or refuses the connection; at most for `limit`. Returns
    /// the state of the connection.
    package func settle(within limit: Duration) async -> ConnectionStatus {
        let end = self.time.now + limit
        while !Task.isCancelled, self.time.now < end {
            let (isSettled, news) = self.state.withLock { state in
                (state.figures.time != nil || state.process.isOver || state.isStopped, state.news)
            }
            if isSettled { break }
            await self.wait(for: news, until: end)
        }
        return self.status
    }

    /// Waits for one of the promises or for an instant.
    func wait(for promises: Promise<Void>..., until moment: TimeSource.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            for promise in promises { group.addTask { _ = await promise.wait() } }
            group.addTask { [time] in try? await time.sleep(until: moment) }
            await group.next()
            group.cancelAll()
        }
    }

    // MARK: Commands

    /// Sends a command and returns its answer.
    ///
    /// - Throws: ``AttachFailure`` if it cannot be sent, if the answer is an error, or if there is no answer in time.
    package func perform(_ command: AttachCommand) async throws(AttachFailure) -> AttachAnswer {
        let promise = Promise<CommandResult>()
        let now = self.time.now
        let refusal: String? = self.state.withLock { state in
            switch state.process.phase {
            case .live, .silent: break
            case .connecting, .reconnecting, .ended, .refused: return "there is no connection to the process"
            }
            if state.isStopped { return "the connection to the process is closed" }
            guard let request = state.pending.begin(command, for: promise, at: now) else {
                return "\(AttachLimits.commands) commands of this dashboard are running: wait until one has ended"
            }
            let line = request.line
            guard line.count <= AttachLimits.requestLine else {
                _ = state.pending.take(request.id)
                return "the command is longer than \(AttachLimits.requestLine) bytes: choose a shorter name"
            }
            state.outbox += line
            return nil
        }
        if let refusal { throw AttachFailure(refusal) }
        self.wake?.wake()
        guard let result = await promise.wait() else {
            throw AttachFailure("canceled before the answer: the command may still be carried out")
        }
        let answer = try result.get()
        if let error = answer.error { throw AttachFailure(error.asReport) }
        return answer
    }

    // MARK: Changes

    /// Changes the state and wakes the consumers that wait for news.
    func change(_ body: (inout State) -> Void) {
        let (news, isOver) = self.state.withLock { state in
            body(&state)
            let news = state.news
            state.news = Promise()
            return (news, state.process.hasEnded || state.isStopped)
        }
        news.fulfill(())
        if isOver { self.over.fulfill(()) }
    }
}

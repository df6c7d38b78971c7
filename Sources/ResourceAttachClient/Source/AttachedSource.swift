import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// A dashboard source over the container of another process.
///
/// The connection opens with the first use, and again after it was lost; it ends with ``close()``, or with the last copy of the source. Figures
/// are those that arrived last. ``connection`` states whether they are current.
public struct AttachedSource: DashboardSource {
    /// The identity of the process in its directory; the endpoint if there is no directory.
    public let id: ProcessID
    /// The attached processes of which this is one; nil for a source by itself.
    public let processes: (any ProcessDirectory)?
    /// The control of the container. It refuses commands that need a consent that is missing.
    public let control: (any DashboardControl)?
    let handle: AttachHandle
    private let pacing = Pacing()

    /// The time to the next update, shared by the copies of a source.
    private final class Pacing: Sendable {
        struct State: Sendable {
            var last: TimeSource.Instant?
            /// Whether the next update does not wait for its time.
            var isUrgent = false
            /// Fulfilled and replaced by ``AttachedSource/expedite()``.
            var urgency = Promise<Void>()
        }

        let state = Lock(State())
    }

    /// Creates a source over the server at `endpoint`.
    package init(_ endpoint: AttachEndpoint, options: AttachClientOptions = AttachClientOptions()) {
        let link = AttachLink(endpoint, loadsPast: options.loadsPast)
        self.init(AttachHandle(link, acts: options.acts), id: ProcessID(endpoint.description), processes: nil)
    }

    init(_ handle: AttachHandle, id: ProcessID, processes: (any ProcessDirectory)?) {
        let link = handle.link
        self.handle = handle
        self.id = id
        self.processes = processes
        self.control = AttachedControl(link: link, gate: handle.gate) { link.words(id) }
    }

    var link: AttachLink { self.handle.link }

    // MARK: Identity

    /// The process and its host, such as `4711@web1`.
    public var origin: String {
        let host = self.link.header?.attach?.host.asName ?? ""
        return host.isEmpty ? self.id.text : "\(self.id.text)@\(host)"
    }

    /// The identity of the process.
    public var process: ProcessID? { self.id }

    /// The state of the connection.
    public var connection: ConnectionStatus? { self.link.status }

    /// The clock of the process: maps its instants to times of day. Nil before a header has arrived.
    public var clock: WallClock? { self.link.header?.clock }

    /// The length of the past that the process's flight recorder keeps, as last reported; nil without one.
    public var reach: Duration? {
        self.link.withFigures { $0.reach }
    }

    // MARK: Data

    /// Opens the connection and waits for the first figures, or for the reason why there are none, at most for `limit`.
    public func connect(within limit: Duration = .seconds(20)) async -> ConnectionStatus {
        self.link.start()
        return await self.link.settle(within: limit)
    }

    /// Ends the connection, and the command that it leads through. Returns after both have ended. Streams of ``updates(rate:)`` end, and the
    /// connection does not open again.
    ///
    /// The sources of one process share its connection.
    public func close() async {
        await self.link.close()
    }

    /// The past that the process's flight recorder keeps, as updates, oldest first. They are before the first update of ``updates(rate:)``.
    ///
    /// The connection opens if it is not open. The past is returned once; later calls return nothing. It is empty without a flight recorder,
    /// and if it has not arrived within `limit`.
    public func past(within limit: Duration = .seconds(6)) async -> [MonitorUpdate] {
        let link = self.link
        link.start()
        let end = link.time.now + limit
        _ = await link.settle(within: limit)
        return await link.past(until: end)
    }

    /// Begins to load the past that the process's flight recorder keeps, unless it is loaded. Without figures and without a connection it does
    /// nothing; a later call can load it. ``takePast(before:)`` returns it.
    public func loadPast() {
        self.link.start()
        self.link.loadPast()
    }

    /// Returns the past that ``loadPast()`` has loaded, once, followed by the updates before `update`; they replace all updates that the
    /// consumer has taken. Empty in all other cases.
    ///
    /// - Parameter update: The last update of ``updates(rate:)``.
    public func takePast(before update: MonitorUpdate) -> [MonitorUpdate] {
        self.link.withFigures { $0.takePast(before: update) }
    }

    /// The updates of the container, at most `rate` per second: one after each input that arrives, at least about one a second. None
    /// arrives while the connection is lost. The stream ends after the end of the process, after ``close()``, and when its task is canceled.
    public func updates(rate: Int) -> AsyncStream<MonitorUpdate> {
        let (handle, pacing) = (self.handle, self.pacing)
        let interval = Duration.nanoseconds(1_000_000_000 / Int64(max(1, rate)))
        return AsyncStream {
            let link = handle.link
            link.start()
            while !Task.isCancelled {
                let (next, urgency) = pacing.state.withLock { ($0.isUrgent ? nil : $0.last.map { $0 + interval }, $0.urgency) }
                let news = link.news
                if let next, link.time.now < next { await link.wait(for: urgency, link.over, until: next) }
                if Task.isCancelled { break }
                if let update = link.takeUpdate() {
                    let now = link.time.now
                    pacing.state.withLock { state in
                        state.last = now
                        state.isUrgent = false
                    }
                    return update
                }
                if case .ended = link.phase { break }
                if link.isStopped { break }
                _ = await news.wait()
            }
            return nil
        }
    }

    /// Makes the next update available when its data arrive, regardless of the rate.
    public func expedite() {
        let urgency = self.pacing.state.withLock { state in
            state.isUrgent = true
            let urgency = state.urgency
            state.urgency = Promise()
            return urgency
        }
        urgency.fulfill(())
    }

    /// Returns the gaps that have ended since the last call, oldest first.
    public func takeGaps() -> [TimeGap] {
        self.link.withFigures { $0.takeGaps() }
    }

    /// The figures of the process's own monitor, which reach back before the attach; nil if it sent none.
    public var report: MonitorReport? {
        self.link.withFigures { $0.report }
    }

    /// Connects now instead of at the next time; a silent connection is closed for it. Does nothing while data arrive, while the connection is
    /// being opened, and after the end of the process.
    public func reconnect() {
        self.link.start()
        self.link.retry()
    }

    // MARK: Files

    /// Begins a recording of the stream to a new file, over a separate connection. The file contains the lines as the process sends them.
    ///
    /// - Throws: `RecordingError` if the file cannot be created, and for standard input, which can be read once only.
    public func recorder(to path: String, clock: WallClock) throws -> Recorder {
        guard self.link.endpoint.canReconnect else {
            throw RecordingError("standard input cannot be recorded: save the feed itself with 'PROGRAM | tee FILE | resmon watch -'")
        }
        return Recorder(try AttachedRecording(self.link.endpoint, of: self.link.description?.instance, to: path))
    }

    /// Writes the past that the process's flight recorder keeps to a new file, and returns a message for the user.
    public func saveRecent(_ last: Duration, to path: String) async throws -> String {
        let recording = try AttachedRecording(self.link.endpoint, .past(last: last), of: self.link.description?.instance, to: path)
        try await recording.run()
        return "saved \(Format.bytes(recording.length)) of the past to \(recording.path)"
    }
}

extension RecordingHeader {
    /// The clock of the recorded process.
    package var clock: WallClock {
        WallClock(originNanoseconds: self.clockOriginNanoseconds, offsetSeconds: self.clockOffsetSeconds)
    }
}

import LocalSockets
import ResourceContainer
import ResourceFeed
import ResourceRecording

/// A connection that sends one request to watch, and then only reads lines. Those of a feed are translated into lines of a recording.
struct WatchConnection {
    /// The result of a wait for lines.
    enum Event {
        /// Whole lines of a recording, without their line feeds; possibly none.
        case lines([[UInt8]])
        /// The time limit passed, or the wait was ended.
        case nothing
        /// The connection has ended, for a reason for users.
        case end(String)
    }

    private var transport: AttachTransport
    private var request: ArraySlice<UInt8>
    /// Whether the error output of a command can be read. A command whose output is not read stops when the pipe is full.
    private var hasErrors: Bool
    private var splitter = LineSplitter(limit: AttachLimits.snapshot)
    private var dialect: StreamDialect
    private let mode: AttachMode
    private var buffer = [UInt8](repeating: 0, count: 128 << 10)
    private let time: TimeSource

    /// Connects.
    init(_ endpoint: AttachEndpoint, _ mode: AttachMode, last: Duration? = nil, time: TimeSource) throws(AttachFailure) {
        self.transport = try AttachTransport(endpoint)
        self.request = AttachRequest(id: PendingCommands<Void>.watchID, command: .watch(mode, last: last)).line[...]
        self.hasErrors = self.transport.errors != nil
        self.dialect = StreamDialect(FeedReader(on: time), writesReports: mode == .report)
        self.mode = mode
        self.time = time
    }

    /// Waits for lines until an instant, or until `wake` is used.
    mutating func next(until end: TimeSource.Instant, _ wake: WakePipe) -> Event {
        var set = PollSet()
        let woken = set.add(wake.number)
        let stream = set.add(self.transport.stream.number, writes: !self.request.isEmpty)
        let errors = self.hasErrors ? self.transport.errors.map { set.add($0.number) } : nil
        set.wait(atMost: end - self.time.now)
        if set[woken].answersRead { wake.clear() }
        if let errors, set[errors].answersRead { self.hasErrors = self.transport.collectComplaint() }
        if set[stream].answersWrite, !self.request.isEmpty {
            switch self.transport.stream.transmit(self.request) {
            case .bytes(let count): self.request = self.request.dropFirst(count)
            case .nothing: break
            // The lines that the server sent before its end are still read.
            case .end, .failed: self.request = []
            }
        }
        guard set[stream].answersRead else { return .nothing }
        switch self.transport.stream.receive(into: &self.buffer) {
        case .nothing: return .nothing
        case .end: return .end(self.transport.finish() ?? AttachedProcess.closedByProcess)
        case .failed(let error): return .end(self.transport.finish() ?? error.words)
        case .bytes(let count):
            do throws(LineTooLong) {
                let lines = try self.splitter.take(self.buffer[..<count])
                if lines.isEmpty { return .lines([]) }
                let written = self.dialect.take(lines, at: self.time.now)
                // A program that writes a feed has no flight recorder.
                if self.mode == .past, self.dialect.isFeed { return .end("the process writes a feed, and keeps no past") }
                return .lines(written)
            } catch {
                return .end(error.description)
            }
        }
    }

    /// Ends the connection, and the command that it leads through.
    mutating func close() {
        self.transport.close()
    }
}

import LocalSockets
import ResourceContainer
import ResourceRecording

/// A connection that sends one request to watch, and then only reads lines.
struct WatchConnection {
    /// The result of a wait for lines.
    enum Event {
        /// Whole lines, without their line feeds; possibly none.
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
    private var buffer = [UInt8](repeating: 0, count: 128 << 10)
    private let time: TimeSource

    /// Connects.
    init(_ endpoint: AttachEndpoint, _ mode: AttachMode, last: Duration? = nil, time: TimeSource) throws(AttachFailure) {
        self.transport = try AttachTransport(endpoint)
        self.request = AttachRequest(id: PendingCommands<Void>.watchID, command: .watch(mode, last: last)).line[...]
        self.hasErrors = self.transport.errors != nil
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
                return .lines(try self.splitter.take(self.buffer[..<count]))
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

import LocalSockets
import ResourceContainer
import ResourceFeed
import ResourceMonitoring
import ResourceRecording

/// The thread of an ``AttachLink``: it opens the connection, reads and writes, and opens it again.
struct AttachThread {
    private struct Connection {
        var transport: AttachTransport
        var reader: StreamReader
        /// The requests to the program behind a feed that are not sent.
        var feedRequests: [UInt8] = []
        /// Whether requests can be written.
        var isWritable = true
        /// Whether the error output of a command can be read.
        var hasErrors: Bool

        init(_ transport: AttachTransport, _ reader: StreamReader) {
            self.transport = transport
            self.reader = reader
            self.hasErrors = transport.errors != nil
        }
    }

    private let link: AttachLink
    private let wake: WakePipe
    private var connection: Connection?
    /// The reader of the process's feed for the next connection.
    private var feed: FeedReader
    /// The process behind the last header, or as a probe has seen it, if it is one of this machine.
    private var life: ProcessLife?
    /// Whether the process of this machine had ended when its life was first read.
    private var isGone = false
    private var buffer = [UInt8](repeating: 0, count: 128 << 10)

    /// The number of reads before requests are written again.
    private static let readsInARow = 16
    /// The time between inputs of a feed on standard input without lines.
    private static let feedInterval = Duration.seconds(1)
    /// The time that a process whose connection was lost gets to end. Its sockets are closed shortly before it is gone.
    private static let endingMilliseconds = 50

    init(_ link: AttachLink, _ wake: WakePipe) {
        self.link = link
        self.wake = wake
        self.feed = FeedReader(on: link.time)
        if let probed = link.probed { self.know(probed.pid) }
    }

    /// Notes which process of this machine the connection leads to.
    private mutating func know(_ pid: Int32) {
        self.life = ProcessLife(of: pid)
        self.isGone = self.life == nil
    }

    /// Runs until ``AttachLink/stop()``.
    mutating func run() {
        while true {
            let now = self.link.time.now
            let (step, deadline, isStopped) = self.advance(at: now)
            if isStopped { return self.end() }
            switch step {
            case .connect: self.connect()
            case .wait(let moment):
                self.close()
                self.sleep(until: [moment, deadline].compactMap { $0 }.min())
            case .read(let moment): self.exchange(until: min(moment, deadline ?? moment))
            }
        }
    }

    /// Applies the time, and returns the next step and the earliest deadline of a command.
    private func advance(at now: TimeSource.Instant) -> (AttachedProcess.Step, TimeSource.Instant?, isStopped: Bool) {
        let (before, expired) = self.link.state.withLock { state in
            let before = state.process.phase
            state.process.tick(at: now)
            return (before, state.pending.expire(at: now))
        }
        for entry in expired {
            let reason = "no answer to \(entry.name.rawValue) within its time: the command may still be carried out"
            entry.token.fulfill(.failure(AttachFailure(reason)))
        }
        let (result, after) = self.link.state.withLock { state in
            ((state.process.step(at: now), state.pending.deadline, isStopped: state.isStopped), state.process.phase)
        }
        if before != after { self.link.change { _ in } }
        return result
    }

    private mutating func end() {
        self.close()
        self.failCommands("the dashboard has ended")
    }

    private func sleep(until moment: TimeSource.Instant?) {
        var set = PollSet()
        _ = set.add(self.wake.number)
        set.wait(atMost: moment.map { $0 - self.link.time.now })
        self.wake.clear()
    }

    // MARK: Opening and closing

    private mutating func connect() {
        if self.connection != nil { self.leave() }
        do throws(AttachFailure) {
            let reader = StreamReader(self.feed, hasPreface: self.link.endpoint == .input)
            self.connection = Connection(try AttachTransport(self.link.endpoint), reader)
            // Standard input accepts no requests.
            if self.link.endpoint == .input { self.connection?.isWritable = false }
            let now = self.link.time.now
            let watch = AttachRequest(id: PendingCommands<Void>.watchID, command: .watch(self.link.mode, last: nil))
            self.link.change { state in
                state.process.opened(at: now)
                state.outbox = self.link.endpoint == .input ? [] : watch.line
                state.complaint = nil
            }
        } catch {
            self.lose(error.description)
        }
    }

    /// Closes the connection without a change of the phase.
    private mutating func close() {
        self.keepFeed()
        self.connection?.transport.close()
        self.connection = nil
    }

    /// Keeps the reader of a feed, so that what exists has the same numbers after the next connection.
    private mutating func keepFeed() {
        if let feed = self.connection?.reader.dialect.nextReader { self.feed = feed }
    }

    /// Closes a silent connection because the user wants another one.
    private mutating func leave() {
        self.close()
        self.link.change { $0.figures.lose("the silent connection was closed") }
        self.failCommands("the connection was closed before the answer: the command may still be carried out")
    }

    /// The connection could not be opened, or has ended.
    private mutating func lose(_ reason: String) {
        self.keepFeed()
        var reason = reason
        if var connection = self.connection {
            self.connection = nil
            reason = connection.transport.finish() ?? reason
        }
        let isAlive = self.isGone ? false : self.life.map { !$0.ends(withinMilliseconds: Self.endingMilliseconds) }
        let now = self.link.time.now
        self.link.change { state in
            state.process.lost(reason, isAlive: isAlive, last: state.figures.time, at: now)
            state.figures.lose(reason)
        }
        self.noteEnd()
    }

    /// The process sends what no server sends, or refuses the connection.
    private mutating func refuse(_ reason: String) {
        self.close()
        self.link.change { state in
            state.process.refuse(reason)
            state.figures.lose(reason)
        }
        self.noteEnd()
    }

    private func noteEnd() {
        self.failCommands("the connection ended before the answer: the command may still have been carried out")
    }

    private func failCommands(_ reason: String) {
        let failed = self.link.state.withLock { state in
            state.outbox = []
            return state.pending.removeAll()
        }
        for entry in failed { entry.token.fulfill(.failure(AttachFailure(reason))) }
    }

    // MARK: Reading and writing

    private mutating func exchange(until moment: TimeSource.Instant) {
        guard let stream = self.connection?.transport.stream else { return self.lose("the connection was lost") }
        let hasFeedRequests = !(self.connection?.feedRequests.isEmpty ?? true)
        let hasRequests = self.connection?.isWritable ?? false && (hasFeedRequests || self.link.state.withLock { !$0.outbox.isEmpty })
        let errorOutput = self.connection?.hasErrors ?? false ? self.connection?.transport.errors : nil
        var set = PollSet()
        let woken = set.add(self.wake.number)
        let lines = set.add(stream.number, writes: hasRequests)
        let errors = errorOutput.map { set.add($0.number) }
        let isInput = self.link.endpoint == .input
        set.wait(atMost: isInput ? min(moment - self.link.time.now, Self.feedInterval) : moment - self.link.time.now)
        if set[woken].answersRead { self.wake.clear() }
        if let errors, set[errors].answersRead { self.collectComplaint() }
        if set[lines].answersWrite { self.write() }
        if set[lines].answersRead { self.read() } else if isInput { self.passTime() }
    }

    /// A program that writes a feed to standard input and has nothing to report is not silent.
    private mutating func passTime() {
        self.hear()
        self.take { reader, now throws(StreamFault) in try reader.flush(at: now) }
    }

    private mutating func collectComplaint() {
        guard let isOpen = self.connection?.transport.collectComplaint() else { return }
        self.connection?.hasErrors = isOpen
        let complaint = self.connection?.transport.complaint
        self.link.change { $0.complaint = complaint }
    }

    /// Writes the requests that the server accepts now.
    private mutating func write() {
        guard let stream = self.connection?.transport.stream else { return }
        let isFeed = self.connection?.reader.dialect.isFeed ?? false
        if isFeed { self.translateRequests() }
        let bytes = (isFeed ? self.connection?.feedRequests : nil) ?? self.link.state.withLock { $0.outbox }
        if bytes.isEmpty { return }
        switch stream.transmit(bytes[...]) {
        // Only this thread removes bytes, and others only append.
        case .bytes(let count):
            if isFeed {
                self.connection?.feedRequests.removeFirst(count)
            } else {
                self.link.state.withLock { $0.outbox.removeFirst(count) }
            }
        case .nothing: break
        case .end, .failed:
            // The lines that the server sent before its end are still read.
            self.connection?.isWritable = false
            self.failCommands("the process reads no commands")
        }
    }

    /// Translates the requests for the program behind a feed. Those that it does not know fail.
    private mutating func translateRequests() {
        let bytes = self.link.state.withLock { state in
            defer { state.outbox = [] }
            return state.outbox
        }
        for line in bytes.split(separator: 0x0A) {
            guard let request = try? AttachRequest(parsing: line), request.id != PendingCommands<Void>.watchID else { continue }
            do throws(FeedRequestRefusal) {
                if let line = try self.connection?.reader.request(request) { self.connection?.feedRequests += line }
            } catch {
                let entry = self.link.state.withLock { $0.pending.take(request.id) }
                entry?.token.fulfill(.failure(AttachFailure(error.description)))
            }
        }
    }

    private mutating func read() {
        for _ in 0..<Self.readsInARow {
            guard let stream = self.connection?.transport.stream else { return }
            switch stream.receive(into: &self.buffer) {
            case .nothing: return
            case .end: return self.link.endpoint == .input ? self.finish() : self.lose(AttachedProcess.closedByProcess)
            case .failed(let error): return self.lose("the connection failed: \(error.words)")
            case .bytes(let count):
                self.hear()
                let bytes = self.buffer[..<count]
                guard self.take({ reader, now throws(StreamFault) in try reader.take(bytes, at: now) }) else { return }
            }
        }
    }

    /// Standard input has ended: the program has.
    private mutating func finish() {
        let reason = "the program closed its output"
        guard self.take({ reader, now throws(StreamFault) in try reader.finish(at: now, reason) }) else { return }
        self.refuse("standard input ended without a feed: no line of it is the first line of a feed")
    }

    /// Applies the items that the reader returns. Returns false if the connection was closed.
    @discardableResult
    private mutating func take(_ body: (inout StreamReader, TimeSource.Instant) throws(StreamFault) -> [StreamReader.Item]) -> Bool {
        // A reader that is copied while it changes copies the whole container of a feed.
        guard var connection = self.connection.take() else { return false }
        let items: [StreamReader.Item]
        do throws(StreamFault) {
            items = try body(&connection.reader, self.link.time.now)
            self.connection = connection
        } catch {
            self.connection = connection
            if error.isFinal { self.refuse(error.description) } else { self.lose(error.description) }
            return false
        }
        for item in items {
            guard self.take(item) else { return false }
        }
        return true
    }

    /// Notes a sign of life. A snapshot may take longer to arrive than a connection may be silent.
    private func hear() {
        let now = self.link.time.now
        if self.link.state.withLock({ $0.process.heard(at: now) }) { self.link.change { _ in } }
    }

    /// Applies an item. Returns false if the connection was closed.
    private mutating func take(_ item: StreamReader.Item) -> Bool {
        switch item {
        case .header(let header): return self.take(header)
        case .begin(let replay, let time):
            var isNext = true
            self.link.change { isNext = $0.figures.begin(replay, at: time) }
            if !isNext {
                self.refuse("its stream begins before the last one ended")
                return false
            }
        case .input(let input): self.link.change { $0.figures.take(input) }
        case .beat(let beat): self.link.change { $0.figures.take(beat) }
        case .report(let report): self.link.change { $0.figures.take(report) }
        case .answer(let answer): return self.take(answer)
        case .end(let end):
            self.close()
            self.link.change { state in
                state.process.goodbye(end.reason?.asSentence, last: state.figures.time)
                state.figures.lose("the process ended")
            }
            self.noteEnd()
            return false
        }
        return true
    }

    private mutating func take(_ header: RecordingHeader) -> Bool {
        guard let description = header.attach else {
            self.refuse("\(self.link.endpoint) sends a recording, and is not the server of a process")
            return false
        }
        let now = self.link.time.now
        let isSameRun = self.link.state.withLock { state in
            state.process.greeted(by: description.instance, last: state.figures.time, at: now)
        }
        guard isSameRun else {
            self.close()
            self.link.change { $0.figures.lose("the process ended") }
            self.noteEnd()
            return false
        }
        let peer = self.connection?.transport.peer?.pid
        self.link.change { state in
            state.figures.begin(header)
            state.peer = peer ?? state.peer
        }
        if let peer {
            self.know(peer)
        } else if self.link.endpoint.isLocal {
            // The number may be that of another namespace, where this machine has no such process.
            (self.life, self.isGone) = (ProcessLife(of: description.pid), false)
        }
        return true
    }

    private mutating func take(_ answer: AttachAnswer) -> Bool {
        let (entry, isUnseen) = self.link.state.withLock { ($0.pending.take(answer.id), $0.figures.time == nil) }
        if let entry {
            entry.token.fulfill(.success(answer))
            return true
        }
        // The refusal of the connection: the request to watch failed, or no request was read at all.
        guard let error = answer.error, answer.id == PendingCommands<Void>.watchID || isUnseen else { return true }
        self.refuse(error.asSentence)
        return false
    }
}

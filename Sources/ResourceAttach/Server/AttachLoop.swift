import LocalSockets
import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The work of the server's thread: it waits in `poll`, and serves connections when something is ready or due.
///
/// Nothing here waits for a task, so a container can be watched while the application blocks every thread of the cooperative pool. Without
/// clients the thread sleeps without a deadline.
struct AttachLoop {
    private let setup: AttachSetup
    private let mailbox: AttachMailbox
    private let source: StreamSource
    private var listener: AttachListener
    private var table = ClientTable()
    private var descriptors: [UInt64: FileDescriptor] = [:]
    /// The time at which the thread ends although streams are not written out; nil until it is asked to stop.
    private var stopsAt: TimeSource.Instant?
    /// Whether the end of the container was passed to the streams.
    private var isContainerOver = false

    /// The longest time for which a stop waits until clients have read the end of their streams.
    static let stopPatience = Duration.milliseconds(250)
    /// The time between two looks for the end of the container, while a client is attached.
    private static let endLook = Duration.milliseconds(100)
    /// The most connections that are accepted in one round, so that clients that connect in a loop do not delay the others.
    private static let acceptLimit = AttachLimits.clients

    init(_ setup: AttachSetup, _ mailbox: AttachMailbox, _ listener: AttachListener) {
        self.setup = setup
        self.mailbox = mailbox
        self.source = StreamSource(setup)
        self.listener = listener
    }

    /// Serves until the mailbox asks to stop.
    mutating func run() {
        while !self.isOver { self.takeRound() }
        self.table.closeAll()
        self.descriptors = [:]
        self.listener.close()
    }

    /// Lets the clients take their steps, and waits until something is ready or due.
    mutating func takeRound() {
        self.takeMail()
        self.lookForEnd()
        let hasMore = self.proceed()
        if !self.isOver { self.wait(hasMore: hasMore) }
    }

    private var isOver: Bool {
        guard let stopsAt = self.stopsAt else { return false }
        return self.table.isEmpty || self.source.now >= stopsAt
    }

    // MARK: Before the clients' steps

    private mutating func takeMail() {
        let mail = self.mailbox.take()
        for (client, answer) in mail.answers { self.table.change(client) { $0.take(answer) } }
        guard mail.isStopping, self.stopsAt == nil else { return }
        let now = self.source.now
        self.stopsAt = now + Self.stopPatience
        self.table.end(self.end(ofContainer: self.setup.container.root.report) ?? Self.stopped, patience: .zero, at: now)
    }

    private mutating func lookForEnd() {
        guard !self.isContainerOver, !self.table.isEmpty, let end = self.end(ofContainer: self.setup.container.root.report) else { return }
        self.isContainerOver = true
        self.table.end(end, patience: AttachConnection.endPatience, at: self.source.now)
    }

    private static let stopped = RecordingEnd(reason: "the server was stopped")

    private func end(ofContainer report: DisposeReport?) -> RecordingEnd? {
        report.map { RecordingEnd(reason: "the container was closed", report: $0) }
    }

    private mutating func proceed() -> Bool {
        let (descriptors, mailbox) = (self.descriptors, self.mailbox)
        let (closed, hasMore) = self.table.proceed(
            self.source,
            transmit: { id, bytes in
                switch descriptors[id]?.transmit(bytes) {
                case .bytes(let count): return count
                case .nothing: return 0
                case .end, .failed, nil: return nil
                }
            },
            done: { id, answer in mailbox.post(answer, to: id) }
        )
        for id in closed { self.descriptors[id] = nil }
        return hasMore
    }

    // MARK: Waiting

    private mutating func wait(hasMore: Bool) {
        var set = PollSet()
        let pipe = set.add(self.mailbox.pipe.number)
        let listener = self.listener.descriptor(at: self.source.now).map { set.add($0.number) }
        var entries: [(id: UInt64, index: Int)] = []
        for id in self.table.ids {
            guard let descriptor = self.descriptors[id] else { continue }
            let interest = self.table.interest(of: id)
            entries.append((id, set.add(descriptor.number, reads: interest.reads, writes: interest.pending > 0)))
        }
        let timeout = hasMore ? .zero : self.timeout
        // Bytes that have arrived before the call are ready after it.
        let asked = self.source.now
        set.wait(atMost: timeout)
        if set[pipe].reads { self.mailbox.pipe.clear() }
        for (id, index) in entries { self.read(id, set[index], askedAt: asked) }
        if let listener, set[listener].answersRead { self.accept() }
        self.listener.check(at: self.source.now)
    }

    /// The time until something is due; nil if nothing is.
    private var timeout: Duration? {
        let now = self.source.now
        var deadlines = [self.table.deadline(after: now), self.listener.deadline, self.stopsAt]
        if self.table.isWatched, !self.isContainerOver { deadlines.append(now + Self.endLook) }
        return deadlines.compactMap { $0 }.min().map { $0 - now }
    }

    /// Reads from a client, once.
    ///
    /// - Parameter asked: A time before which everything that the client has sent is ready.
    private mutating func read(_ id: UInt64, _ readiness: PollSet.Readiness, askedAt asked: TimeSource.Instant) {
        guard readiness.answersRead, let descriptor = self.descriptors[id] else {
            return self.table.change(id) { $0.receiveNothing(at: asked) }
        }
        let wantsInput = self.table.interest(of: id).reads
        guard wantsInput, readiness.reads else {
            // The client no longer reads, and there are no bytes to read before the end.
            if readiness.isOver { self.table.change(id) { $0.close() } }
            return
        }
        var buffer = [UInt8](repeating: 0, count: RequestInput.chunk)
        switch descriptor.receive(into: &buffer) {
        case .bytes(let count): self.table.change(id) { $0.receive(buffer[..<count]) }
        case .nothing: break
        // A client that has only closed its side still reads.
        case .end, .failed: self.table.change(id) { client in if readiness.isOver { client.close() } else { client.receiveEnd() } }
        }
    }

    private mutating func accept() {
        for _ in 0..<Self.acceptLimit {
            guard self.stopsAt == nil, let descriptor = self.listener.accepted(at: self.source.now) else { return }
            let peer = PeerCredentials(of: descriptor)
            let isOwner = self.setup.consent.isOwner(peer)
            if self.table.obstacle(isOwner: isOwner) != nil { self.closeGone() }
            let permission = self.setup.consent.permission(of: peer)
            if case .refused(let reason) = permission {
                self.refuse(descriptor, reason)
            } else if let obstacle = self.table.obstacle(isOwner: isOwner) {
                self.refuse(descriptor, obstacle)
            } else if let peer {
                let connection = AttachConnection(permission, offers: self.setup.offers, at: self.source.now)
                let id = self.table.admit(connection, ClientCommands(self.setup, peer: peer), at: self.source.now)
                self.descriptors[id] = descriptor
            }
        }
    }

    /// Closes the connections whose clients are gone, so that they do not count when another client connects.
    private mutating func closeGone() {
        var set = PollSet()
        let entries = self.descriptors.map { (id: $0.key, index: set.add($0.value.number, reads: false)) }
        set.wait(atMost: .zero)
        for (id, index) in entries where set[index].isOver {
            self.table.change(id) { $0.close() }
        }
    }

    /// Answers a connection that is not accepted. It is closed with the last reference to its descriptor.
    private func refuse(_ descriptor: FileDescriptor, _ reason: String) {
        _ = descriptor.transmit(self.source.refusal(reason)[...])
    }
}

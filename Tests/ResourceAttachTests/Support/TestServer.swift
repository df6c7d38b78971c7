import Foundation
import LocalSockets
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation

@testable import ResourceAttach
@testable import ResourceRecording

/// A server without a thread and without sockets, in simulated time. A client is a number, and the bytes that it has received.
final class TestServer {
    let simulation: Simulation
    let container: Container
    let setup: AttachSetup
    let source: StreamSource
    let log = LogBook()
    private let mail = Mailbag()
    var table = ClientTable()
    private var received: [UInt64: [UInt8]] = [:]
    /// The number of bytes that a client accepts; without an entry it accepts all.
    var room: [UInt64: Int] = [:]
    private(set) var closed: Set<UInt64> = []

    /// The user of the server, and a client of that user.
    static let user: UInt32 = 1000
    static let peer = PeerCredentials(pid: 42, user: TestServer.user, groups: [TestServer.user])

    init(
        acting: ResourceAttach.Acting = .owner,
        hasMonitor: Bool = false,
        hasFlight: Bool = false,
        flightLimit: Int = 64 << 20,
        seed: UInt64 = 1
    ) {
        self.simulation = Simulation(seed: seed)
        self.container = Container("shop", environment: self.simulation.environment)
        let log = self.log
        let header = RecordingHeader(container: "", origin: "a test", clockOriginNanoseconds: Simulation.epochSeconds * 1_000_000_000)
        self.setup = AttachSetup(
            container: self.container,
            health: nil,
            monitor: hasMonitor ? ResourceMonitor(self.container) : nil,
            flight: hasFlight ? FlightRecorder(self.container, atMost: flightLimit, header: header) : nil,
            consent: Consent(acting: acting, user: Self.user, group: nil),
            options: AttachOptions(log: { log.add($0) }),
            description: AttachDescription(instance: "1", pid: 4711, uid: Self.user, host: "web1", program: "shop", started: 0),
            time: self.simulation.time.source,
            startedAt: self.simulation.now
        )
        self.source = StreamSource(self.setup)
    }

    var now: TimeSource.Instant { self.simulation.now }

    // MARK: Clients

    /// Lets the server look for bytes of clients, of which there are none.
    func lookForInput() {
        for client in self.table.ids { self.table.change(client) { $0.receiveNothing(at: self.now) } }
    }

    /// Adds a client. The server knows it, but has not taken a step for it.
    func connect(as peer: PeerCredentials = TestServer.peer) -> UInt64 {
        let connection = AttachConnection(self.setup.consent.permission(of: peer), offers: self.setup.offers, at: self.now)
        return self.table.admit(connection, ClientCommands(self.setup, peer: peer), at: self.now)
    }

    /// Sends a text in the pieces in which the server's thread would read it, and lets the server take its steps.
    func send(_ text: String, from client: UInt64) {
        self.send(Array(text.utf8), from: client)
    }

    /// Sends bytes. Those that the server does not read are dropped.
    func send(_ bytes: [UInt8], from client: UInt64) {
        var rest = bytes[...]
        while !rest.isEmpty, self.table.interest(of: client).reads {
            let piece = rest.prefix(RequestInput.chunk)
            rest = rest.dropFirst(piece.count)
            self.table.change(client) { $0.receive(piece) }
            if !self.table.interest(of: client).reads { self.proceed() }
        }
        self.proceed()
    }

    /// Closes a client's side, after which it still reads.
    func endInput(of client: UInt64) {
        self.table.change(client) { $0.receiveEnd() }
        self.proceed()
    }

    /// Ends a client's connection.
    func disconnect(_ client: UInt64) {
        self.table.change(client) { $0.close() }
        self.proceed()
    }

    /// Connects a client that watches, and lets the server take its steps.
    func watch(_ mode: AttachMode, last: Duration? = nil, as peer: PeerCredentials = TestServer.peer) -> UInt64 {
        let client = self.connect(as: peer)
        self.send(AttachRequest(id: 1, command: .watch(mode, last: last)).line, from: client)
        return client
    }

    // MARK: Work

    /// Lets the server take the steps that are possible now, without running the commands. Returns whether there are more.
    @discardableResult
    func takeSteps() -> Bool {
        let (closed, hasMore) = self.table.proceed(
            self.source,
            transmit: { client, bytes in self.accept(bytes, of: client) },
            done: { [mail] client, answer in mail.add(client, answer) }
        )
        self.closed.formUnion(closed)
        return hasMore
    }

    /// Lets the server look for bytes and take all steps, and runs the commands.
    func proceed() {
        self.lookForInput()
        var hasMore = true
        while hasMore {
            let more = self.takeSteps()
            self.simulation.runUntilIdle()
            let letters = self.mail.take()
            for letter in letters { self.table.change(letter.client) { $0.take(letter.answer) } }
            hasMore = more || !letters.isEmpty
        }
    }

    /// Lets time pass in steps of 50 ms, and the server take its steps at each of them.
    func pass(_ duration: Duration) {
        let end = self.now + duration
        while self.now < end {
            self.simulation.run(until: min(end, self.now + .milliseconds(50)))
            self.proceed()
        }
    }

    /// Ends all streams, as the server does at the end of the container or of itself.
    func end(_ body: RecordingEnd, patience: Duration = AttachConnection.endPatience) {
        self.table.end(body, patience: patience, at: self.now)
        self.proceed()
    }

    private func accept(_ bytes: ArraySlice<UInt8>, of client: UInt64) -> Int? {
        let count = min(bytes.count, self.room[client] ?? bytes.count)
        if let room = self.room[client] { self.room[client] = room - count }
        self.received[client, default: []] += bytes.prefix(count)
        return count
    }

    // MARK: Received lines

    func bytes(of client: UInt64) -> [UInt8] {
        self.received[client] ?? []
    }

    /// The complete lines that a client has received.
    func lines(of client: UInt64) throws -> [RecordingLine] {
        try self.bytes(of: client).split(separator: 0x0A).map { try RecordingLine(parsing: $0) }
    }

    func kinds(of client: UInt64) throws -> [String] {
        try self.lines(of: client).map(\.kind)
    }

    /// The bodies of the lines of one kind.
    func bodies<Body: Decodable>(_ kind: RecordingLine.Kind, _ type: Body.Type, of client: UInt64) throws -> [Body] {
        try self.lines(of: client).filter { $0.kind == kind.rawValue }.map { line in
            try JSONDecoder().decode(type, from: Data(line.body))
        }
    }

    func answers(of client: UInt64) throws -> [AttachAnswer] {
        try self.bodies(.answer, AttachAnswer.self, of: client)
    }

    /// The texts of the notes among the container's events since the creation of `subscription`.
    static func notes(_ subscription: EventSubscription) -> [String] {
        subscription.drain().events.compactMap { event in
            if case .noted(let text) = event.kind { return text }
            return nil
        }
    }
}

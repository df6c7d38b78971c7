import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// One client: its connection, its stream, and its commands. It knows no descriptor, so that tests can be its client.
struct ServedClient {
    /// The most bytes written in one round, so that a client that reads fast does not delay the others.
    private static let roundLimit = 1 << 20

    let id: UInt64
    private(set) var connection: AttachConnection
    private let commands: ClientCommands
    private var stream: ClientStream?

    init(_ id: UInt64, _ connection: AttachConnection, _ commands: ClientCommands) {
        self.id = id
        self.connection = connection
        self.commands = commands
    }

    /// The outcome of writing to the client: the number of bytes that it accepted, or nil if the connection has failed.
    typealias Transmit = (ArraySlice<UInt8>) -> Int?

    // MARK: Input

    mutating func receive(_ bytes: ArraySlice<UInt8>) { self.connection.receive(bytes) }

    mutating func receiveNothing(at moment: TimeSource.Instant) { self.connection.receiveNothing(at: moment) }

    mutating func receiveEnd() { self.connection.receiveEnd() }

    mutating func take(_ answer: AttachAnswer) { self.connection.take(answer) }

    mutating func end(_ body: RecordingEnd, by moment: TimeSource.Instant) { self.connection.end(body, by: moment) }

    /// Closes the connection, and what the client opened.
    mutating func close() {
        self.connection.close()
        self.stream = nil
        self.commands.end()
    }

    // MARK: Work

    /// The mode in which the client watches; nil if it does not.
    var mode: AttachMode? { self.connection.mode }

    var isClosed: Bool { self.connection.isClosed }

    /// Takes all steps that are possible now.
    ///
    /// - Parameters:
    ///   - source: The source of the lines.
    ///   - transmit: Writes bytes to the client.
    ///   - done: Called with the answer of a command, from any thread.
    /// - Returns: Whether more can be done at once.
    mutating func proceed(
        _ source: StreamSource,
        transmit: Transmit,
        done: @escaping @Sendable (UInt64, AttachAnswer) -> Void
    ) -> Bool {
        var written = 0
        while !self.connection.isClosed {
            guard self.flush(source, &written, transmit) else { return false }
            if written >= Self.roundLimit { return true }
            var outlook = self.stream?.outlook ?? AttachConnection.Outlook()
            outlook.mayTakeSnapshot = !source.hasTakenSnapshot
            guard let step = self.connection.next(at: source.now, outlook) else { return false }
            do {
                try self.take(step, source, done)
            } catch {
                source.log("a line for \(self.commands.peer.text) cannot be encoded: \(UserCode.text(of: error))")
                self.close()
            }
        }
        return false
    }

    private mutating func take(
        _ step: AttachConnection.Step,
        _ source: StreamSource,
        _ done: @escaping @Sendable (UInt64, AttachAnswer) -> Void
    ) throws {
        switch step {
        case .begin(let opening):
            let (stream, bytes) = try source.begin(opening, may: self.connection.permission.names)
            self.stream = stream
            self.connection.outbox.put(bytes, at: source.now)
            self.connection.noteBegin(at: source.now)
        case .run(let request):
            let id = self.id
            self.commands.run(request) { done(id, $0) }
        case .write(let line):
            guard let bytes = try self.stream?.encode(line, source) else { return self.connection.notePastEnd() }
            self.connection.outbox.put(bytes, at: source.now)
        case .close:
            self.close()
        }
    }

    /// Writes as much as the client accepts. Returns false if the connection has failed.
    private mutating func flush(_ source: StreamSource, _ written: inout Int, _ transmit: Transmit) -> Bool {
        while !self.connection.outbox.isEmpty, written < Self.roundLimit {
            guard let count = transmit(self.connection.outbox.unsent) else {
                self.close()
                return false
            }
            if count == 0 { break }
            self.connection.outbox.sent(count, at: source.now)
            written += count
        }
        return true
    }
}

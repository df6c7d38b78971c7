import ResourceContainer

/// One connection of a client: one request, one answer, and the end. A pure state machine: bytes and time in, bytes out.
///
/// It keeps at most one head of ``HTTPRequest/limit`` bytes and one answer. Every phase has a deadline, so a client cannot keep it for long.
package struct HTTPExchange: Sendable {
    /// The progress. It only advances.
    private enum Phase: Sendable, Hashable {
        /// The head is not complete. Next: ``asked(_:)``, ``writing(_:)``.
        case reading([UInt8])
        /// The shell is to answer the request. Next: ``writing(_:)``.
        case asked(HTTPRequest)
        /// These bytes are not written yet. Next: ``draining``.
        case writing(ArraySlice<UInt8>)
        /// The answer is written. Further bytes of the client are discarded until it closes: closing before would discard the answer.
        case draining
        case closed
    }

    /// The time that a client gets to send its request.
    package static let readLimit = Duration.seconds(5)
    /// The time that a client gets to read its answer.
    package static let writeLimit = Duration.seconds(10)
    /// The time that a client gets to close the connection.
    package static let drainLimit = Duration.seconds(1)

    private var phase = Phase.reading([])
    /// The instant at which the phase ends.
    package private(set) var deadline: TimeSource.Instant
    /// The status of the answer; nil before it.
    package private(set) var status: HTTPStatus?

    /// A connection was accepted.
    package init(at now: TimeSource.Instant) {
        self.deadline = now + Self.readLimit
    }

    /// Whether the connection is to be closed.
    package var isClosed: Bool { self.phase == .closed }

    /// Whether the client has not sent its request, so that nothing is lost if another client takes its place.
    package var isIdle: Bool {
        if case .reading = self.phase { true } else { false }
    }

    /// Whether the shell should read.
    package var wantsInput: Bool {
        switch self.phase {
        case .reading, .draining: true
        case .asked, .writing, .closed: false
        }
    }

    /// The request that the shell is to answer with ``answer(_:at:)``; nil if there is none.
    package var request: HTTPRequest? {
        if case .asked(let request) = self.phase { request } else { nil }
    }

    /// The bytes to write; empty if there are none.
    package var output: ArraySlice<UInt8> {
        if case .writing(let bytes) = self.phase { bytes } else { [] }
    }

    /// Whether the answer is written, and the shell is to close its direction.
    package var isAnswered: Bool { self.phase == .draining }

    /// Bytes arrived.
    package mutating func receive(_ bytes: ArraySlice<UInt8>, at now: TimeSource.Instant) {
        guard case .reading(let before) = self.phase else { return }
        let all = before + bytes
        do throws(HTTPRequest.Fault) {
            self.phase = try HTTPRequest(parsing: all).map(Phase.asked) ?? .reading(all)
        } catch {
            self.write(HTTPResponse(error), isHead: false, at: now)
        }
    }

    /// The client closed its direction, or the connection failed.
    package mutating func receiveEnd() {
        switch self.phase {
        case .reading, .draining: self.phase = .closed
        case .asked, .writing, .closed: break
        }
    }

    /// The answer to ``request``.
    package mutating func answer(_ response: HTTPResponse, at now: TimeSource.Instant) {
        guard case .asked(let request) = self.phase else { return }
        self.write(response, isHead: request.isHead, at: now)
    }

    private mutating func write(_ response: HTTPResponse, isHead: Bool, at now: TimeSource.Instant) {
        self.status = response.status
        self.phase = .writing(response.bytes(isHead: isHead)[...])
        self.deadline = now + Self.writeLimit
    }

    /// The shell has written a number of bytes of ``output``.
    package mutating func wrote(_ count: Int, at now: TimeSource.Instant) {
        guard case .writing(let bytes) = self.phase else { return }
        let rest = bytes.dropFirst(count)
        if !rest.isEmpty { return self.phase = .writing(rest) }
        self.phase = .draining
        self.deadline = now + Self.drainLimit
    }

    /// The connection failed.
    package mutating func fail() {
        self.phase = .closed
    }

    /// Time has passed. A client that has sent a part of a request gets an answer.
    package mutating func tick(at now: TimeSource.Instant) {
        guard now >= self.deadline else { return }
        if case .reading(let bytes) = self.phase, !bytes.isEmpty {
            let reason = "the request was not complete within \(Self.readLimit.components.seconds) s"
            return self.write(HTTPResponse(.requestTimeout, body: reason + "\n"), isHead: false, at: now)
        }
        self.phase = .closed
    }
}

import Foundation
import LocalSockets
import ResourceContainer

@testable import ResourceAttach
@testable import ResourceRecording

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A client of a server's socket. Every wait has an end, so that a failing test ends, too.
final class SocketClient {
    /// The result of a wait that has not ended in time.
    struct TimedOut: Error, CustomStringConvertible {
        let description: String
    }

    private var descriptor: FileDescriptor?
    private(set) var received: [UInt8] = []
    /// Whether the server has closed the connection.
    private(set) var isOver = false

    /// Connects to a socket.
    init(_ path: String) throws {
        for attempt in 0... {
            do throws(SystemError) {
                self.descriptor = try UnixSocket.connected(to: path)
                return
            } catch {
                // More connections wait than the socket has room for, until the server accepts them.
                guard error.isDelay, attempt < 1000 else { throw SocketFault("'\(path)' cannot be connected", error) }
                usleep(1000)
            }
        }
    }

    /// Connects, and asks to watch.
    convenience init(_ path: String, _ mode: AttachMode) throws {
        try self.init(path)
        self.send(AttachRequest(id: 1, command: .watch(mode, last: nil)).line)
    }

    /// Sends bytes, as many as the server accepts within `limit`.
    func send(_ bytes: [UInt8], within limit: Duration = .seconds(5)) {
        var rest = bytes[...]
        let end = ContinuousClock.now + limit
        while !rest.isEmpty, let descriptor = self.descriptor, ContinuousClock.now < end {
            switch descriptor.transmit(rest) {
            case .bytes(let count): rest = rest.dropFirst(count)
            case .nothing: Self.wait(descriptor, Int32(POLLOUT), until: end)
            case .end, .failed: return
            }
        }
    }

    func send(_ text: String) {
        self.send(Array(text.utf8))
    }

    /// Closes the side that sends.
    func endInput() {
        if let descriptor = self.descriptor { _ = shutdown(descriptor.number, Int32(SHUT_WR)) }
    }

    /// Closes the connection.
    func close() {
        self.descriptor = nil
    }

    /// Reads until a line of `kind` has arrived that was not returned before, or for `limit`.
    func next(_ kind: String, within limit: Duration = .seconds(10)) throws -> RecordingLine {
        let end = ContinuousClock.now + limit
        while true {
            while self.used < self.lines.count {
                self.used += 1
                if self.lines[self.used - 1].kind == kind { return self.lines[self.used - 1] }
            }
            guard try self.read(until: end) else {
                throw TimedOut(description: "no line of kind \(kind); received \(self.lines.map(\.kind))")
            }
        }
    }

    /// Reads to the end of the connection.
    func readToEnd(within limit: Duration = .seconds(10)) throws -> [RecordingLine] {
        let end = ContinuousClock.now + limit
        while try self.read(until: end) {}
        guard self.isOver else { throw TimedOut(description: "the server does not close the connection") }
        return self.lines
    }

    /// Reads once what has arrived, without waiting.
    func readArrived() throws {
        _ = try self.read(until: ContinuousClock.now)
    }

    /// The lines so far.
    private(set) var lines: [RecordingLine] = []
    private var used = 0
    private var parsed = 0

    /// Reads what has arrived, or waits for it. Returns false at the end of the connection or of the time.
    private func read(until end: ContinuousClock.Instant) throws -> Bool {
        guard let descriptor = self.descriptor, !self.isOver else { return false }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            switch descriptor.receive(into: &buffer) {
            case .bytes(let count):
                self.received += buffer[..<count]
                while let feed = self.received[self.parsed...].firstIndex(of: 0x0A) {
                    self.lines.append(try RecordingLine(parsing: self.received[self.parsed..<feed]))
                    self.parsed = feed + 1
                }
                return true
            case .end, .failed:
                self.isOver = true
                return false
            case .nothing:
                guard ContinuousClock.now < end else { return false }
                Self.wait(descriptor, Int32(POLLIN), until: end)
            }
        }
    }

    private static func wait(_ descriptor: FileDescriptor, _ events: Int32, until end: ContinuousClock.Instant) {
        var entry = pollfd(fd: descriptor.number, events: Int16(events), revents: 0)
        let rest = (end - ContinuousClock.now).wholeNanoseconds / 1_000_000
        poll(&entry, 1, Int32(clamping: max(1, rest)))
    }
}

extension RecordingLine {
    /// The body as a value.
    func decoded<Body: Decodable>(_ type: Body.Type) throws -> Body {
        try JSONDecoder().decode(type, from: Data(self.body))
    }
}

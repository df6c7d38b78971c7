/// The frames of an HTTP/2 connection (RFC 9113), as a server reads and writes them. Its calls block the thread.
struct HTTP2Connection {
    /// The kinds of frames that a script reads or writes.
    enum Kind: UInt8 {
        case data = 0
        case headers = 1
        case reset = 3
        case settings = 4
        case ping = 6
        case windowUpdate = 8
    }

    /// A frame with a part of a request.
    struct Frame {
        let stream: UInt32
        let payload: [UInt8]
        let endsStream: Bool
    }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let maximumPayload = 16_384

    private let bytes: RawServer.Connection

    /// Reads up to the preface of the client and sends settings. Returns nil if the connection ends before.
    init?(_ connection: TLSServer.Connection) {
        self.bytes = connection.bytes
        var last: [UInt8] = []
        while last != Self.preface {
            guard let byte = self.bytes.read(1)?.first else { return nil }
            last = (last + [byte]).suffix(Self.preface.count)
        }
        self.send(.settings)
    }

    /// Returns the next frame with headers or data of a request; nil once the connection has ended.
    ///
    /// Acknowledges settings and pings, and permits the client to send as many bytes again as it has sent.
    func next() -> Frame? {
        while true {
            guard let head = self.bytes.readAll(9) else { return nil }
            let size = head[..<3].reduce(0) { $0 << 8 | Int($1) }
            let (flags, stream) = (head[4], head[5...].reduce(0) { $0 << 8 | UInt32($1) })
            guard let payload = self.bytes.readAll(size) else { return nil }
            let isMarked = flags & 1 == 1
            switch Kind(rawValue: head[3]) {
            case .headers?: return Frame(stream: stream, payload: payload, endsStream: isMarked)
            case .data?:
                if !payload.isEmpty { self.permit(payload.count, stream: 0) }
                if !payload.isEmpty, !isMarked { self.permit(payload.count, stream: stream) }
                return Frame(stream: stream, payload: payload, endsStream: isMarked)
            case .settings? where !isMarked: self.send(.settings, flags: 1)
            case .ping? where !isMarked: self.send(.ping, flags: 1, payload: payload)
            default: continue
            }
        }
    }

    /// Sends a response with status 200. Returns when the client has permitted the server to send all of it.
    func answer(_ stream: UInt32, _ body: [UInt8]) {
        // The static table of HPACK contains `:status: 200` at 8; the flag ends the headers.
        self.send(.headers, flags: 4, stream, payload: [0x88])
        var rest = body[...]
        repeat {
            let part = rest.prefix(Self.maximumPayload)
            rest = rest.dropFirst(part.count)
            self.send(.data, flags: rest.isEmpty ? 1 : 0, stream, payload: Array(part))
        } while !rest.isEmpty
    }

    /// Ends a stream with an internal error of the server.
    func reset(_ stream: UInt32) {
        self.send(.reset, stream, payload: [0, 0, 0, 2])
    }

    private func permit(_ count: Int, stream: UInt32) {
        self.send(.windowUpdate, stream, payload: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) })
    }

    private func send(_ kind: Kind, flags: UInt8 = 0, _ stream: UInt32 = 0, payload: [UInt8] = []) {
        let size = [16, 8, 0].map { UInt8(truncatingIfNeeded: payload.count >> $0) }
        let target = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: stream >> $0) }
        self.bytes.send(size + [kind.rawValue, flags] + target + payload)
    }
}

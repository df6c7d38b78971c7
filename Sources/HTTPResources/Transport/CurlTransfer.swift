import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The steps of one transfer, from what libcurl reports. Pure: it controls nothing.
struct CurlTransfer: Sendable {
    /// The consequence of a line of the head.
    enum Step: Sendable {
        case goOn
        /// The head of the response is complete.
        case head(HTTPHead)
        /// The response is not valid: the transfer ends.
        case stop
    }

    private(set) var phase: HTTPError.Phase = .resolving
    private var parser: HeadParser
    /// Whether the request may be sent again.
    private let isIdempotent: Bool
    private let hasBody: Bool
    /// The proxy; nil if there is none.
    private let proxy: ProxyChoice?
    private var isSent = false
    private var isComplete = false
    /// Why the transfer was stopped.
    private var fault: HTTPFailure?

    init(_ request: HTTPRequest, hasBody: Bool, isDecompressed: Bool, proxy: ProxyChoice?) {
        self.parser = HeadParser(isHead: request.method == .head, isDecompressed: isDecompressed)
        self.isIdempotent = HTTPRetryPolicy.isIdempotent(request.method)
        self.hasBody = hasBody
        self.proxy = proxy
    }

    /// A socket is opened.
    mutating func connect() {
        self.phase = .connecting
    }

    /// The system refuses a socket.
    mutating func refuseSocket(_ code: Int32) {
        // A system without IPv6; there can be an IPv4 address.
        if code == EAFNOSUPPORT { return }
        let advice = code == EMFILE || code == ENFILE ? "; close files and connections, or raise the limit of open files" : ""
        self.fault = HTTPFailure(.unreachable, phase: .connecting, "no socket could be opened: \(Self.text(ofSystem: code))\(advice)")
    }

    /// The connection is established, and the request is sent next. Returns false if it must not be sent a second time.
    ///
    /// libcurl sends a request again if its connection is one of an earlier request and closes before the response begins. The server may
    /// have processed it.
    mutating func send() -> Bool {
        if self.isSent, !self.isIdempotent {
            let words = "the server closed the connection, which earlier requests used; whether it processed the request is not known"
            self.fault = HTTPFailure(.connectionLost, phase: .waiting, words)
            return false
        }
        self.isSent = true
        self.fault = nil
        self.phase = self.hasBody ? .sending : .waiting
        return true
    }

    /// The request is sent completely.
    mutating func sendAll() {
        if self.phase == .sending { self.phase = .waiting }
    }

    /// Takes a line of the head, with its end.
    mutating func take(line: some Collection<UInt8>) -> Step {
        self.phase = .receiving
        switch self.parser.take(line) {
        case .more: return .goOn
        case .complete(let head):
            self.isComplete = true
            return .head(head)
        case .fault(let text):
            self.fault = HTTPFailure(.invalidAnswer, phase: .receiving, text)
            return .stop
        }
    }

    /// Ends the transfer with the result of libcurl. Returns the failure; nil if the response is complete.
    ///
    /// - Parameters:
    ///   - code: The result.
    ///   - systemCode: The last error code of the system during a connect.
    ///   - text: The message of libcurl; can be empty.
    func end(_ code: CURLcode, systemCode: Int32, _ text: String) -> HTTPFailure? {
        if let fault { return self.naming(fault) }
        if code == CURLE_OK {
            if self.isComplete { return nil }
            let words = "the connection closed before the head of the response was complete"
            return self.naming(HTTPFailure(.connectionLost, phase: self.phase, words))
        }
        var words = text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
        let kind = self.kind(of: code, systemCode, words)
        if kind == .invalidAnswer, Self.outOfSpace.contains(code) { words = "a line of the head is too long" }
        return self.naming(HTTPFailure(kind, phase: self.phase, transportCode: Int(code.rawValue), words))
    }

    private func kind(of code: CURLcode, _ systemCode: Int32, _ words: String) -> HTTPError.Code {
        switch code {
        case CURLE_COULDNT_CONNECT: return systemCode == ECONNREFUSED ? .refused : .unreachable
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .unreachable
        // A server that stops or refuses clients closes connections during the handshake, which is no matter of trust.
        case CURLE_SSL_CONNECT_ERROR where Self.lostHandshake.contains(where: words.contains): return .unreachable
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR: return .untrusted
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ENGINE_NOTFOUND: return .invalidConfiguration
        case CURLE_URL_MALFORMAT: return .invalidRequest
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_FILESIZE_EXCEEDED:
            return .invalidAnswer
        case _ where Self.outOfSpace.contains(code):
            return self.phase == .receiving || self.phase == .waiting ? .invalidAnswer : .unreachable
        case CURLE_OPERATION_TIMEDOUT: return .timedOut
        // In TLS 1.3, a server refuses the client's certificate after the handshake.
        case CURLE_RECV_ERROR where words.contains(" alert ") && (words.contains("certificate") || words.contains("unknown ca")):
            return .untrusted
        case CURLE_RECV_ERROR where self.isComplete && words.contains("chunked-encoding"): return .invalidAnswer
        default: return self.phase == .resolving || self.phase == .connecting ? .unreachable : .connectionLost
        }
    }

    /// Adds the proxy to the text of a failure: a refused connection can be one to the proxy.
    private func naming(_ failure: HTTPFailure) -> HTTPFailure {
        guard let proxy else { return failure }
        // Some messages contain the URL, with its password.
        let text = "\(failure.text.replacing(proxy.url, with: ProxyChoice.label(of: proxy.url))) (through \(proxy.label))"
        return HTTPFailure(failure.code, phase: failure.phase, transportCode: failure.transportCode, text)
    }

    /// The codes of libcurl for a line of the head that it refuses to store: 100 is `CURLE_TOO_LARGE` of version 8.6.
    private static let outOfSpace = [CURLE_OUT_OF_MEMORY, CURLcode(rawValue: 100)]

    /// Parts of libcurl's messages about a connection that ends during the handshake, with OpenSSL and with GnuTLS.
    private static let lostHandshake = ["SSL_connect: ", "Recv failure: ", "Send failure: ", "unexpected eof", "non-properly terminated"]

    private static func text(ofSystem code: Int32) -> String {
        String(cString: strerror(code))
    }
}

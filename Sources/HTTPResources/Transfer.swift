import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The received part of one response. Pure: a state machine over the callbacks of a session.
struct Transfer: Sendable {
    /// The head of a response.
    struct Head: Sendable {
        let status: Int
        /// The headers by lower-case name.
        let headers: [String: String]
        /// The announced size in bytes; the received bytes are what counts.
        let announcedSize: Int64?

        init(status: Int, headers: [String: String] = [:], announcedSize: Int64? = nil) {
            self.status = status
            self.headers = headers
            self.announcedSize = announcedSize
        }

        init(_ response: HTTPURLResponse) {
            let pairs = response.allHeaderFields.map { ("\($0.key)".lowercased(), "\($0.value)") }
            self.init(
                status: response.statusCode,
                headers: Dictionary(pairs) { first, _ in first },
                announcedSize: response.expectedContentLength >= 0 ? response.expectedContentLength : nil
            )
        }
    }

    /// The result of a transfer.
    enum Ending: Sendable {
        case answered(Head, Data)
        case failed(any Error, hasAnswer: Bool)
        case tooLarge
        case timedOut
        case closed
    }

    let maximumBodySize: Int
    private var head: Head?
    private var body = Data()

    init(maximumBodySize: Int) {
        self.maximumBodySize = maximumBodySize
    }

    /// Takes the head of the response. Returns a result if the transfer ends here.
    mutating func receive(_ head: Head) -> Ending? {
        self.head = head
        guard let size = head.announcedSize else { return nil }
        if size > Int64(self.maximumBodySize) { return .tooLarge }
        // The announced size is not trusted.
        self.body.reserveCapacity(Int(min(size, 1 << 20)))
        return nil
    }

    /// Takes a part of the body. Returns a result if the transfer ends here.
    mutating func receive(_ part: Data) -> Ending? {
        if part.count > self.maximumBodySize - self.body.count { return .tooLarge }
        self.body.append(part)
        return nil
    }

    /// Ends the transfer.
    mutating func complete(_ error: (any Error)?) -> Ending {
        defer { self.body = Data() }
        if let error { return .failed(error, hasAnswer: self.head != nil) }
        guard let head = self.head else { return .failed(URLError(.badServerResponse), hasAnswer: false) }
        return .answered(head, self.body)
    }
}

import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What has come of one answer. Pure: a state machine over what a session tells.
struct Transfer: Sendable {
    /// The first lines of an answer.
    struct Head: Sendable {
        let status: Int
        /// By name in lower case.
        let headers: [String: String]
        /// As the server announces it; what counts is what comes.
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

    /// How it ended.
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

    /// The head of the answer came. Not nil if that is the end of it.
    mutating func receive(_ head: Head) -> Ending? {
        self.head = head
        guard let size = head.announcedSize else { return nil }
        if size > Int64(self.maximumBodySize) { return .tooLarge }
        // What is announced need not come.
        self.body.reserveCapacity(Int(min(size, 1 << 20)))
        return nil
    }

    /// A part of the body came. Not nil if that is the end of it.
    mutating func receive(_ part: Data) -> Ending? {
        if part.count > self.maximumBodySize - self.body.count { return .tooLarge }
        self.body.append(part)
        return nil
    }

    /// No more will come.
    mutating func complete(_ error: (any Error)?) -> Ending {
        defer { self.body = Data() }
        if let error { return .failed(error, hasAnswer: self.head != nil) }
        guard let head = self.head else { return .failed(URLError(.badServerResponse), hasAnswer: false) }
        return .answered(head, self.body)
    }
}

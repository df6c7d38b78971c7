/// The head of a response.
struct HTTPHead: Sendable {
    let status: Int
    /// The headers by lower-case name. The values of a header that occurs more than once are separated by `, `.
    let headers: [String: String]
    /// The announced size of the body in bytes; nil if there is none. The received bytes are what counts.
    let announcedSize: Int64?
    /// Whether a body follows.
    let hasBody: Bool

    init(status: Int, headers: [String: String] = [:], announcedSize: Int64? = nil, hasBody: Bool = true) {
        self.status = status
        self.headers = headers
        self.announcedSize = announcedSize
        self.hasBody = hasBody
    }
}

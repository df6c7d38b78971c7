import Foundation

extension HTTPClientPool {
    /// The head of a response, with any status, and its body as a sequence of chunks; see
    /// ``HTTPClientPool/withResponse(_:_:headers:upload:timeout:fileID:line:_:)``.
    public struct StreamedResponse: Sendable {
        /// The status code, such as 200.
        public let status: Int
        /// The headers by lower-case name. The values of a header that occurs more than once are separated by `, `.
        public let headers: [String: String]
        /// The size of the body in bytes that the server announces; nil if it announces none. If the body is compressed, the size before
        /// decompression.
        public let announcedSize: Int64?
        /// The method of the last request; a redirect can change it.
        public let method: Method
        /// The URL of the response: the last one after redirects, without user, password, and fragment.
        public let url: URL
        /// The body.
        public let body: HTTPBodyStream

        /// Whether the status is 200 to 299.
        public var isSuccess: Bool {
            200...299 ~= self.status
        }

        /// Returns this response if its status is 200 to 299.
        ///
        /// - Throws: ``HTTPError/Code/unexpectedStatus``.
        public func success() throws(HTTPError) -> StreamedResponse {
            if self.isSuccess { return self }
            throw HTTPError(
                .unexpectedStatus,
                method: self.method.rawValue,
                url: HTTPRequest.label(of: self.url),
                status: self.status,
                "returned status \(self.status): 200 to 299 is expected"
            )
        }
    }
}

/// Headers do not appear, because they can carry secrets.
extension HTTPClientPool.StreamedResponse: CustomStringConvertible {
    /// The status, the method, and the URL without its query.
    public var description: String {
        "\(self.status) for \(self.method) \(HTTPRequest.label(of: self.url))"
    }
}

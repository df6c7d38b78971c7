import Foundation

/// The address of a request: a `URL`, or the text of one, such as `"https://example.com/items"`.
///
/// Characters of a text that are not permitted in a URL are percent-encoded.
public protocol HTTPAddress: Sendable {
    /// Returns the URL of the address.
    ///
    /// - Throws: ``HTTPError/Code/invalidRequest`` if the address cannot be parsed.
    func httpURL() throws(HTTPError) -> URL
}

extension URL: HTTPAddress {
    /// Returns the URL itself.
    public func httpURL() -> URL {
        self
    }
}

extension String: HTTPAddress {
    /// Returns the URL with this text.
    ///
    /// - Throws: ``HTTPError/Code/invalidRequest`` if the text cannot be parsed.
    public func httpURL() throws(HTTPError) -> URL {
        if let url = URL(string: self) { return url }
        // The text can carry secrets and does not appear in the error.
        throw HTTPError(
            .invalidRequest,
            method: nil,
            url: nil,
            "the address of \(self.utf8.count) bytes cannot be parsed as a URL: write it as scheme, host, and path, such as https://host/path"
        )
    }
}

extension HTTPAddress {
    /// Returns the URL of the address with these parameters appended to its query.
    func url(adding query: HTTPParameters) throws(HTTPError) -> URL {
        let url = try self.httpURL()
        if query.isEmpty { return url }
        if var parts = URLComponents(url: url, resolvingAgainstBaseURL: true) {
            let present = parts.percentEncodedQuery ?? ""
            parts.percentEncodedQuery = present.isEmpty ? query.asQuery : "\(present)&\(query.asQuery)"
            if let url = parts.url { return url }
        }
        throw HTTPError(.invalidRequest, method: nil, url: HTTPRequest.label(of: url), "the URL cannot be parsed")
    }
}

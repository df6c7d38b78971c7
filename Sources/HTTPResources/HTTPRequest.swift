import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A validated request. Pure: it does not depend on a session.
struct HTTPRequest: Sendable {
    private(set) var method: HTTPMethod
    /// The URL without user, password, and fragment.
    private(set) var url: URL
    private(set) var origin: Origin
    /// The headers by lower-case name.
    private(set) var headers: [String: String]
    private(set) var body: Data?

    /// Creates a request that can be sent.
    ///
    /// The user and password of the URL become the header `authorization`, unless that header is set.
    ///
    /// - Throws: ``HTTPError/Code/invalidRequest``.
    init(_ method: HTTPMethod, _ url: URL, headers: [String: String], defaults: [String: String] = [:], body: Data?) throws(HTTPError) {
        func refuse(_ reason: String) -> HTTPError {
            // An invalid method can contain any text and does not appear in the error.
            HTTPError(.invalidRequest, method: Self.isToken(method.rawValue) ? method.rawValue : nil, url: Self.label(of: url), reason)
        }
        guard Self.isToken(method.rawValue) else {
            throw refuse("the method must be a word such as GET, without spaces and control characters")
        }
        guard let origin = Origin(url) else {
            throw refuse("the URL must begin with http:// or https:// and contain a host; a port must be from 1 to 65535")
        }
        guard var parts = URLComponents(url: url, resolvingAgainstBaseURL: true) else { throw refuse("the URL cannot be parsed") }
        if let fault = Self.fault(ofHeaders: headers) { throw refuse(fault) }
        if let body, !body.isEmpty, method == .get || method == .head { throw refuse("a \(method) request cannot have a body") }
        self.headers = Self.lowercased(defaults).merging(Self.lowercased(headers)) { _, own in own }
        if let user = parts.user, self.headers["authorization"] == nil {
            self.headers["authorization"] = "Basic " + Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString()
        }
        parts.user = nil
        parts.password = nil
        parts.fragment = nil
        guard let bare = parts.url else { throw refuse("the URL cannot be parsed") }
        if let body, !body.isEmpty, self.headers["content-type"] == nil { self.headers["content-type"] = "application/octet-stream" }
        self.method = method
        self.url = bare
        self.origin = origin
        self.body = body
    }

    /// The request for URLSession. Its timeout is a safety net above the client's: it has a resolution of seconds and covers inactivity
    /// only.
    func urlRequest(timeout: Duration) -> URLRequest {
        var request = URLRequest(url: self.url, cachePolicy: .reloadIgnoringLocalCacheData)
        request.httpMethod = self.method.rawValue
        request.httpBody = self.body
        for (name, value) in self.headers { request.setValue(value, forHTTPHeaderField: name) }
        request.timeoutInterval = Double(min(timeout.components.seconds, 86400) + 5)
        return request
    }

    /// The URL for display: without user, password, and fragment; `?…` replaces a query, because queries often carry tokens.
    static func label(of url: URL) -> String {
        guard let origin = Origin(url) else { return url.scheme.map { "\($0):…" } ?? "…" }
        let path = URLComponents(url: url, resolvingAgainstBaseURL: true)?.percentEncodedPath ?? ""
        return "\(origin)\(path)\(url.query == nil ? "" : "?…")"
    }

    var label: String {
        Self.label(of: self.url)
    }
}

extension HTTPRequest {
    /// The request that follows a response with this status and `Location`; nil if the response is not a redirect, or not one to follow: to
    /// a scheme other than http and https, or from https to http.
    ///
    /// A redirect to another origin drops the headers that may be meant for the first origin only.
    func redirected(status: Int, location: String?) -> HTTPRequest? {
        guard [301, 302, 303, 307, 308].contains(status), let location else { return nil }
        guard let url = URL(string: location, relativeTo: self.url)?.absoluteURL, let origin = Origin(url) else { return nil }
        if self.origin.scheme == "https", origin.scheme != "https" { return nil }
        guard var parts = URLComponents(url: url, resolvingAgainstBaseURL: false) else { return nil }
        // A user and password from a server's response are not sent.
        parts.user = nil
        parts.password = nil
        parts.fragment = nil
        guard let bare = parts.url else { return nil }
        var next = self
        next.url = bare
        next.origin = origin
        let dropsBody = status == 303 ? self.method != .head : (status == 301 || status == 302) && self.method == .post
        if dropsBody {
            next.method = .get
            next.body = nil
            next.headers = next.headers.filter { !$0.key.hasPrefix("content-") }
        }
        if origin != self.origin { next.headers = next.headers.filter { Self.headersForEverybody.contains($0.key) } }
        return next
    }

    private static let headersForEverybody: Set = ["accept", "accept-language", "user-agent", "content-type", "content-encoding"]

    /// The fault of these headers; nil if they are valid. Names a header, never a value.
    static func fault(ofHeaders headers: [String: String]) -> String? {
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            if !Self.isToken(name) { return "a header's name must be a word, without spaces, colons, and control characters" }
            let isFit = value.unicodeScalars.allSatisfy { $0 == "\t" || ($0.value >= 0x20 && $0.value != 0x7F) }
            if !isFit { return "the value of header \(name) must be one line, without control characters" }
        }
        return nil
    }

    private static func lowercased(_ headers: [String: String]) -> [String: String] {
        Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { first, second in max(first, second) }
    }

    /// Whether the text is a token in the sense of RFC 9110.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}

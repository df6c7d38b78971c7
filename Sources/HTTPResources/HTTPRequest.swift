import Foundation

/// A validated request. Pure: it does not depend on a transport.
struct HTTPRequest: Sendable {
    private(set) var method: HTTPClientPool.Method
    /// The URL without user, password, and fragment.
    private(set) var url: URL
    private(set) var origin: Origin
    /// The URL in the form in which it is sent: every parser finds the origin of the request in it.
    private(set) var address: String
    /// The headers by lower-case name.
    private(set) var headers: [String: String]
    private(set) var body: HTTPUpload?

    /// Creates a request that can be sent.
    ///
    /// The user and password of the URL become the header `authorization`, unless that header is set.
    ///
    /// - Throws: ``HTTPError/Code/invalidRequest``.
    init(
        _ method: HTTPClientPool.Method,
        _ url: URL,
        headers: [String: String],
        defaults: [String: String] = [:],
        body: HTTPUpload?
    ) throws(HTTPError) {
        func refuse(_ reason: String) -> HTTPError {
            // An invalid method can contain any text and does not appear in the error.
            HTTPError(.invalidRequest, method: Self.isToken(method.rawValue) ? method.rawValue : nil, url: Self.label(of: url), reason)
        }
        guard Self.isToken(method.rawValue) else {
            throw refuse("the method must be a word such as GET, without spaces and control characters")
        }
        let plain = PlainURL(url)
        var parts: URLComponents?
        if plain == nil { parts = URLComponents(url: url, resolvingAgainstBaseURL: true) }
        guard let origin = plain?.origin ?? parts.flatMap({ Origin($0) }) else {
            throw refuse("the URL must begin with http:// or https:// and contain a host; a port must be from 1 to 65535")
        }
        if let fault = Self.fault(ofHeaders: headers) { throw refuse(fault) }
        if let body, !body.isEmpty, method == .get || method == .head { throw refuse("a \(method) request cannot have a body") }
        self.headers = Self.lowercased(defaults).merging(Self.lowercased(headers)) { _, own in own }
        if let user = parts?.user, self.headers["authorization"] == nil {
            self.headers["authorization"] = "Basic " + Data("\(user):\(parts?.password ?? "")".utf8).base64EncodedString()
        }
        if let fault = Self.takeFraming(&self.headers, of: body) { throw refuse(fault) }
        if let plain {
            self.url = url
            self.address = plain.address
        } else {
            guard var parts, let bare = Self.reduce(&parts, to: origin) else { throw refuse("the URL cannot be parsed") }
            self.url = bare
            self.address = Self.address(of: parts, origin)
        }
        if let body, !body.isEmpty, self.headers["content-type"] == nil { self.headers["content-type"] = "application/octet-stream" }
        self.method = method
        self.origin = origin
        self.body = body
    }

    /// Removes user, password, and fragment, and lowers the scheme. Returns the URL. Unchanged parts are not set: setting one parses the
    /// URL.
    static func reduce(_ parts: inout URLComponents, to origin: Origin) -> URL? {
        if parts.scheme != origin.scheme { parts.scheme = origin.scheme }
        if parts.user != nil { parts.user = nil }
        if parts.password != nil { parts.password = nil }
        if parts.fragment != nil { parts.fragment = nil }
        return parts.url
    }

    static func address(of parts: URLComponents, _ origin: Origin) -> String {
        let path = parts.percentEncodedPath
        let query = parts.percentEncodedQuery.map { "?\($0)" } ?? ""
        return "\(origin)\(path.hasPrefix("/") ? "" : "/")\(path)\(query)"
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
        guard let url = URL(string: location, relativeTo: self.url)?.absoluteURL else { return nil }
        guard var parts = URLComponents(url: url, resolvingAgainstBaseURL: false), let origin = Origin(parts) else { return nil }
        if self.origin.scheme == "https", origin.scheme != "https" { return nil }
        // A user and password from a server's response are not sent.
        guard let bare = Self.reduce(&parts, to: origin) else { return nil }
        var next = self
        next.url = bare
        next.origin = origin
        next.address = Self.address(of: parts, origin)
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

    /// Returns this request with the headers of an observer. A header that it already has is not changed.
    ///
    /// - Throws: ``HTTPError/Code/invalidRequest``.
    func adding(_ headers: [String: String]) throws(HTTPError) -> HTTPRequest {
        if headers.isEmpty { return self }
        var added = Self.lowercased(headers)
        if let fault = Self.fault(ofHeaders: headers) ?? Self.takeFraming(&added, of: self.body) {
            throw HTTPError(.invalidRequest, self, "the observer of the client adds headers that cannot be sent: \(fault)")
        }
        var next = self
        next.headers.merge(added) { own, _ in own }
        return next
    }

    /// The fault of these headers; nil if they are valid. Names a header, never a value.
    static func fault(ofHeaders headers: [String: String]) -> String? {
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            if !Self.isToken(name) { return "a header's name must be a word, without spaces, colons, and control characters" }
            let isFit = value.unicodeScalars.allSatisfy { $0 == "\t" || ($0.value >= 0x20 && $0.value != 0x7F) }
            if !isFit { return "the value of header \(name) must be one line, without control characters" }
        }
        return nil
    }

    /// Removes the headers that the client sets itself. Returns their fault if they contradict the body; nil otherwise.
    private static func takeFraming(_ headers: inout [String: String], of body: HTTPUpload?) -> String? {
        if headers.isEmpty { return nil }
        if headers["transfer-encoding"] != nil { return "the header transfer-encoding is set by the client: remove it" }
        guard let text = headers.removeValue(forKey: "content-length") else { return nil }
        if let length = Int64(text), length >= 0, body.map({ $0.knownLength == length }) ?? (length == 0) { return nil }
        return "the header content-length is not the size of the body: remove it"
    }

    private static func lowercased(_ headers: [String: String]) -> [String: String] {
        if headers.isEmpty { return [:] }
        return Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { first, second in max(first, second) }
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

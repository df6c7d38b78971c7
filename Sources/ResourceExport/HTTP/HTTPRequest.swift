/// The head of a request, as far as pages need it. Pure.
package struct HTTPRequest: Sendable, Hashable {
    /// Whether the client wants the head of the answer only.
    package var isHead: Bool
    /// The path, without query.
    package var path: String
    /// The field `Host`; nil in HTTP/1.0 without it.
    package var host: String?
    /// The fields `Accept`, joined by commas; empty without one.
    package var accept: String

    /// Creates a request.
    package init(isHead: Bool = false, path: String, host: String? = nil, accept: String = "") {
        self.isHead = isHead
        self.path = path
        self.host = host
        self.accept = accept
    }

    /// The reason for not answering a request: the status, with a sentence for the client.
    package struct Fault: Error, Hashable {
        package let status: HTTPStatus
        package let reason: String

        init(_ status: HTTPStatus, _ reason: String) {
            self.status = status
            self.reason = reason
        }
    }

    /// The longest head, in bytes.
    package static let limit = 8 << 10
    /// The largest number of fields.
    package static let fieldLimit = 100

    /// Parses the beginning of a connection; nil if the head is not complete. Lines end with a line feed, with or without a carriage return.
    /// One empty line before the head is ignored, as HTTP requires. A body is not read.
    ///
    /// - Throws: ``Fault`` if the bytes are not the head of a request for a page, or are more than ``limit`` without its end.
    package init?(parsing bytes: [UInt8]) throws(Fault) {
        var lines: [Substring] = []
        var start = bytes.startIndex
        var isComplete = false
        while !isComplete, let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")), end < Self.limit {
            var line = bytes[start..<end]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            start = end + 1
            if line.isEmpty {
                isComplete = !lines.isEmpty
                if !isComplete, end > 1 { throw Fault(.badRequest, "the request begins with empty lines") }
                continue
            }
            guard line.allSatisfy({ (32...126).contains($0) || $0 == 9 || $0 >= 128 }) else {
                throw Fault(.badRequest, "a line of the request has control characters")
            }
            lines.append(String(decoding: line, as: UTF8.self)[...])
            if lines.count > Self.fieldLimit + 1 { throw Fault(.fieldsTooLarge, "the request has more than \(Self.fieldLimit) fields") }
        }
        guard isComplete else {
            if bytes.count >= Self.limit { throw Fault(.fieldsTooLarge, "the head of the request is longer than \(Self.limit) bytes") }
            return nil
        }
        let version: Substring
        (self.isHead, self.path, version) = try Self.requestLine(lines[0])
        var (hosts, accepted) = ([String](), [String]())
        for line in lines.dropFirst() {
            let (name, value) = try Self.field(line)
            switch name.lowercased() {
            case "host": hosts.append(value)
            case "accept": accepted.append(value)
            default: break
            }
        }
        guard hosts.count <= 1, !hosts.isEmpty || version == "HTTP/1.0" else {
            throw Fault(.badRequest, "the request must have one field 'Host'")
        }
        self.host = hosts.first
        self.accept = accepted.joined(separator: ",")
    }

    private static func requestLine(_ line: Substring) throws(Fault) -> (isHead: Bool, path: String, version: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words.allSatisfy({ !$0.isEmpty && !$0.contains("\t") }) else {
            throw Fault(.badRequest, "the first line is not 'GET PATH HTTP/1.1'")
        }
        let (method, target, version) = (words[0], words[1], words[2])
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
            throw version.hasPrefix("HTTP/")
                ? Fault(.versionNotSupported, "only HTTP/1.1 and HTTP/1.0 are spoken here")
                : Fault(.badRequest, "the first line is not 'GET PATH HTTP/1.1'")
        }
        guard method == "GET" || method == "HEAD" else { throw Fault(.methodNotAllowed, "only GET and HEAD are answered") }
        var path = target
        // A client that takes this server for a proxy sends the whole address.
        if target.lowercased().hasPrefix("http://") {
            let rest = target.dropFirst("http://".count)
            path = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
        }
        guard path.hasPrefix("/"), target.allSatisfy(\.isASCII) else { throw Fault(.badRequest, "the path does not begin with '/'") }
        let end = path.firstIndex { $0 == "?" || $0 == "#" } ?? path.endIndex
        return (method == "HEAD", String(path[..<end]), version)
    }

    private static func field(_ line: Substring) throws(Fault) -> (name: Substring, value: String) {
        guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
            throw Fault(.badRequest, "a field of the request has no name")
        }
        let name = line[..<colon]
        // A space before the colon, or at the beginning of a continued line, hides a field from other servers.
        guard name.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else {
            throw Fault(.badRequest, "the name of a field has a space, or is not ASCII")
        }
        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        let end = value.lastIndex { $0 != " " && $0 != "\t" }.map { value.index(after: $0) } ?? value.startIndex
        return (name, String(value[..<end]))
    }
}

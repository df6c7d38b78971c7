import Foundation

/// An http or https URL whose text is the address that is sent, so that nothing has to be parsed or rewritten. Pure.
///
/// Most URLs of programs are like that. `URLComponents` reads such a URL five times for one request.
struct PlainURL: Sendable, Equatable {
    let origin: Origin
    /// The URL in the form in which it is sent.
    let address: String

    /// Returns nil if the URL is any other one, such as one with a user, capital letters in its host, or a port that needs not be stated.
    init?(_ url: URL) {
        if url.baseURL != nil { return nil }
        var text = url.absoluteString
        guard let (origin, isBare) = text.withUTF8({ Self.parse($0) }) else { return nil }
        self.origin = origin
        self.address = isBare ? "\(text)/" : text
    }

    /// Returns the origin, and whether the text ends after it.
    private static func parse(_ text: UnsafeBufferPointer<UInt8>) -> (Origin, isBare: Bool)? {
        let isSecure = text.starts(with: "https://".utf8)
        guard isSecure || text.starts(with: "http://".utf8) else { return nil }
        let host = text.dropFirst(isSecure ? 8 : 7).prefix(while: Self.isHostByte)
        if host.isEmpty { return nil }
        var rest = text[host.endIndex...]
        var port = isSecure ? 443 : 80
        if rest.first == UInt8(ascii: ":") {
            let digits = rest.dropFirst().prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            guard 1...5 ~= digits.count, digits.first != UInt8(ascii: "0") else { return nil }
            let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            guard number <= 65535, number != port else { return nil }
            port = number
            rest = text[digits.endIndex...]
        }
        guard rest.isEmpty || (rest.first == UInt8(ascii: "/") && Self.isPathAndQuery(rest)) else { return nil }
        let name = String(decoding: host, as: UTF8.self)
        return (Origin(scheme: isSecure ? "https" : "http", host: name, port: port), rest.isEmpty)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func isPathAndQuery(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "%") {
                guard bytes.endIndex - index > 2, Self.isHexadecimal(bytes[index + 1]), Self.isHexadecimal(bytes[index + 2]) else {
                    return false
                }
                index += 3
            } else {
                guard Self.isPathOrQueryByte(bytes[index]) else { return false }
                index += 1
            }
        }
        return true
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }

    /// Whether RFC 3986 permits the byte in a path or a query, except for the percent sign.
    private static func isPathOrQueryByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "@")...UInt8(ascii: "Z"), UInt8(ascii: "&")...UInt8(ascii: ";"): true
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}

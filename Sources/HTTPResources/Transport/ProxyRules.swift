import Foundation

/// The proxy of a request, and where it comes from.
struct ProxyChoice: Sendable, Equatable {
    /// The URL with user and password, as libcurl takes it.
    let url: String
    /// The setting that names the proxy, such as `http_proxy`.
    let source: String

    /// How errors name the proxy.
    var label: String {
        "the proxy \(Self.label(of: self.url)), from \(self.source)"
    }

    /// The host and port of a proxy, without user and password.
    static func label(of url: String) -> String {
        let rest = url.range(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // A password can contain delimiters, so the last @ counts, wherever it is.
        let bare = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? authority
        return String(bare.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
    }
}

/// Which requests use which proxy. Pure: the environment is a parameter.
struct ProxyRules: Sendable {
    private let proxy: HTTPProxy
    private let environment: [String: String]

    init(_ proxy: HTTPProxy, environment: [String: String]) {
        self.proxy = proxy
        self.environment = environment
    }

    /// Returns the proxy of a request to `origin`; nil for none.
    func choice(for origin: Origin) -> ProxyChoice? {
        switch self.proxy {
        case .none: return nil
        case .server(let url): return ProxyChoice(url: url.absoluteString, source: "the configuration")
        case .environment:
            if Self.isLoopback(origin.host) || self.isExempt(origin) { return nil }
            // Not HTTP_PROXY: a CGI script receives the header `Proxy` of its request in it.
            let names = (origin.scheme == "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]) + ["all_proxy", "ALL_PROXY"]
            for name in names {
                if let url = self.environment[name], !url.isEmpty { return ProxyChoice(url: url, source: name) }
            }
            return nil
        }
    }

    /// Whether `host` is this machine: a name of it, or an address of loopback in any notation that the system accepts, such as `127.1`.
    static func isLoopback(_ host: String) -> Bool {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        if name.utf8.contains(UInt8(ascii: ":")) { return Self.isLoopback(ipv6: String(name.prefix { $0 != "%" })) }
        var address = in_addr()
        return inet_aton(name, &address) != 0 && Self.isLoopback(UInt32(bigEndian: address.s_addr))
    }

    private static func isLoopback(ipv6 text: String) -> Bool {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return false }
        let bytes = withUnsafeBytes(of: address) { Array($0) }
        guard bytes[..<10].allSatisfy({ $0 == 0 }) else { return false }
        if bytes[10..<15].allSatisfy({ $0 == 0 }) { return bytes[15] <= 1 }
        // An IPv4 address in the notation of IPv6.
        return bytes[10] == 0xFF && bytes[11] == 0xFF && Self.isLoopback(bytes[12...].reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// Whether an IPv4 address is one of loopback. A connection to 0.0.0.0 is one to loopback.
    private static func isLoopback(_ address: UInt32) -> Bool {
        address >> 24 == 127 || address == 0
    }

    /// Whether `no_proxy` lists `origin`: by name, by a domain that contains it, by address, or by a range of IPv4 addresses.
    private func isExempt(_ origin: Origin) -> Bool {
        guard let list = self.environment["no_proxy"] ?? self.environment["NO_PROXY"] else { return false }
        return list.split { $0 == "," || $0 == " " }.contains { Self.matches(String($0).lowercased(), origin) }
    }

    private static func matches(_ entry: String, _ origin: Origin) -> Bool {
        if entry == "*" { return true }
        let parts = entry.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let base = Self.number(ofIPv4: String(parts[0])), let bits = UInt32(parts[1]), bits <= 32 {
            guard let address = Self.number(ofIPv4: origin.host) else { return false }
            return bits == 0 || (base ^ address) >> (32 - bits) == 0
        }
        var name = entry[...]
        if name.hasPrefix("["), let end = name.firstIndex(of: "]") {
            if name[end...] != "]", name[end...] != "]:\(origin.port)" { return false }
            name = name[name.index(after: name.startIndex)..<end]
        } else if name.filter({ $0 == ":" }).count == 1, let colon = name.firstIndex(of: ":") {
            if name[name.index(after: colon)...] != "\(origin.port)" { return false }
            name = name[..<colon]
        }
        if name.hasPrefix("*.") { name = name.dropFirst() }
        if name.hasPrefix(".") { name = name.dropFirst() }
        if name.isEmpty { return false }
        return origin.host == name || origin.host.hasSuffix(".\(name)")
    }

    /// The number of an IPv4 address in dotted decimal form; nil for any other text.
    private static func number(ofIPv4 text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let byte = UInt8(part) else { return nil }
            number = number << 8 | UInt32(byte)
        }
        return number
    }
}

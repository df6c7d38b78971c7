#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The address at which a server listens: a number of an interface and a port, such as `127.0.0.1:9464` or `[::1]:9464`.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address of the interface, without brackets.
    package let host: String
    /// The port; 0 for one that the system chooses.
    package let port: UInt16

    /// The text is not an address.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// The address that other exporters of OpenTelemetry and Prometheus use by default, on this machine only.
    package static let standard = ListenAddress(host: "127.0.0.1", port: 9464)

    /// Creates an address.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Parses `ADDRESS:PORT`. The name `localhost` is `127.0.0.1`; other names are not looked up.
    package init(parsing text: String) throws(Fault) {
        let form = "'\(text)' is not ADDRESS:PORT, such as 127.0.0.1:9464 or [::1]:9464"
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw Fault(description: form)
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard Self.isAddress(host, AF_INET6) else { throw Fault(description: form) }
        } else {
            if host == "localhost" { host = Self.standard.host }
            guard Self.isAddress(host, AF_INET) else { throw Fault(description: form) }
        }
        self.init(host: host, port: port)
    }

    private static func isAddress(_ text: String, _ family: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        return inet_pton(family, text, &bytes) == 1
    }

    /// Whether only programs on this machine can connect.
    package var isLoopback: Bool { self.host == "::1" || self.host.hasPrefix("127.") }

    /// Whether the address is one of IP version 6.
    var isVersion6: Bool { self.host.contains(":") }

    /// The address as it is written.
    package var description: String { self.isVersion6 ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)" }
}

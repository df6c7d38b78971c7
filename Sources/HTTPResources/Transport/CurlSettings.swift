import Foundation
import ResourceContainer

/// The configuration of a client in libcurl's terms.
struct CurlSettings: Sendable {
    /// The connections that are kept: one per request in progress, and two for pings.
    let maximumConnections: Int
    let dnsCacheSeconds: Int
    let usesHTTP2: Bool
    let tls: HTTPTLS
    let proxies: ProxyRules

    init(_ configuration: HTTPConfiguration, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.maximumConnections = min(configuration.maximumConnections, Int(Int32.max) - 2) + 2
        let nanoseconds = configuration.dnsCacheTime.wholeNanoseconds
        let seconds = nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0)
        self.dnsCacheSeconds = Int(min(seconds, Int64(Int32.max)))
        self.usesHTTP2 = configuration.usesHTTP2
        self.tls = configuration.tls
        self.proxies = ProxyRules(configuration.proxy, environment: environment)
    }
}

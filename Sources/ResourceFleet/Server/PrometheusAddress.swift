import Foundation

/// The address of a server with the Prometheus HTTP API. It may have a path, such as `/prometheus` of Mimir.
package struct PrometheusAddress: Sendable, Hashable {
    /// The address without a slash at its end.
    private let base: String
    /// The address for users: without user and password.
    package let label: String

    /// Creates the address of a server.
    ///
    /// - Throws: ``FleetFault`` if the text is not the URL of an http or https server, or has a query or a fragment.
    package init(_ text: String) throws(FleetFault) {
        guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = parts.host, !host.isEmpty
        else { throw FleetFault("the address of the server must begin with http:// or https:// and contain a host") }
        guard parts.query == nil, parts.fragment == nil else {
            throw FleetFault(
                "the address of the server has a query or a fragment: give it up to its path, such as http://mimir:8080/prometheus"
            )
        }
        while parts.percentEncodedPath.hasSuffix("/") { parts.percentEncodedPath.removeLast() }
        guard let base = parts.string else { throw FleetFault("the address of the server cannot be parsed") }
        self.base = base
        (parts.user, parts.password) = (nil, nil)
        self.label = parts.string ?? host
    }

    /// Returns the address of an endpoint of the API: `query`, `query_range`, or `alerts`.
    func endpoint(_ name: String) -> String {
        "\(self.base)/api/v1/\(name)"
    }
}

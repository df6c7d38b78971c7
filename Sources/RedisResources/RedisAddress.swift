#if Redis
    // The internal target that PostgreSQL and Redis share.
    import SocketReadiness

    /// The address of one connection; it needs no name lookup.
    enum RedisAddress: Sendable, Hashable {
        case tcp(numericHost: String, port: Int)
        case unix(path: String)

        /// Returns the addresses of `endpoint` in the order in which to try them.
        ///
        /// - Throws: ``LinkFailure`` if the host has no address; `CancellationError`, in which case the system's lookup continues in the
        ///   background.
        static func all(of endpoint: RedisConfiguration.Endpoint) async throws -> [RedisAddress] {
            switch endpoint {
            case .unix(let path):
                return [.unix(path: path)]
            case .tcp(let host, let port):
                do {
                    return try await HostLookup.addresses(of: host).map { .tcp(numericHost: $0, port: port) }
                } catch let failure as HostLookup.Failure {
                    throw LinkFailure(.unreachable, "the host name cannot be resolved: \(failure.text)")
                }
            }
        }
    }
#endif

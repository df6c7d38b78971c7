#if Redis
    import Foundation
    import ResourceContainer

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #else
        import Darwin
    #endif

    /// The address of one connection; it needs no name lookup.
    enum RedisAddress: Sendable, Hashable {
        case tcp(numericHost: String, port: Int)
        case unix(path: String)

        /// Returns the addresses of `endpoint` in the system's order. A name is looked up on a separate thread, because the lookup blocks.
        /// A lookup whose caller was canceled continues in the background.
        ///
        /// - Throws: ``LinkFailure`` if the host does not exist; `CancellationError`.
        static func all(of endpoint: RedisConfiguration.Endpoint) async throws -> [RedisAddress] {
            guard case .tcp(let host, let port) = endpoint else {
                if case .unix(let path) = endpoint { return [.unix(path: path)] }
                return []
            }
            let hosts = Promise<Result<[String], LinkFailure>>()
            // A numeric address needs no lookup and no thread.
            let numeric = Self.look(up: host, AI_NUMERICHOST)
            if case .success = numeric {
                hosts.fulfill(numeric)
            } else {
                Thread.detachNewThread { hosts.fulfill(Self.look(up: host, 0)) }
            }
            guard let found = await hosts.wait() else { throw CancellationError() }
            return try found.get().map { .tcp(numericHost: $0, port: port) }
        }

        private static func look(up host: String, _ flags: Int32) -> Result<[String], LinkFailure> {
            var hints = addrinfo()
            hints.ai_flags = flags
            #if canImport(Glibc)
                hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            #else
                hints.ai_socktype = SOCK_STREAM
            #endif
            var first: UnsafeMutablePointer<addrinfo>?
            let status = getaddrinfo(host, nil, &hints, &first)
            guard status == 0 else {
                return .failure(LinkFailure(.unreachable, "the host name cannot be resolved: \(String(cString: gai_strerror(status)))"))
            }
            defer { freeaddrinfo(first) }
            var hosts: [String] = []
            var next = first
            while let info = next?.pointee {
                var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
                if getnameinfo(info.ai_addr, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 {
                    let host = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                    if !hosts.contains(host) { hosts.append(host) }
                }
                next = info.ai_next
            }
            return hosts.isEmpty ? .failure(LinkFailure(.unreachable, "the host has no address")) : .success(hosts)
        }
    }
#endif

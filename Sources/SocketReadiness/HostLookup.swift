#if Postgres || Redis
    import Foundation

    /// Resolves a host name to addresses without blocking a thread of the concurrency pool, as a lookup by libpq or hiredis would.
    package enum HostLookup {
        /// Why a name has no address.
        package struct Failure: Error {
            /// The cause, in the system's words.
            package let text: String
        }

        /// Returns the addresses of `host` as text, in the order in which to try them. A numeric address is returned without suspending.
        ///
        /// - Throws: ``Failure``; `CancellationError`, in which case the system's lookup continues in the background.
        package static func addresses(of host: String) async throws -> [String] {
            if case .success(let addresses) = Self.lookUp(host, AI_NUMERICHOST) { return addresses }
            guard let answer = await BlockingCall.run("host lookup", { Self.lookUp(host, 0) }) else { throw CancellationError() }
            return try answer.get()
        }

        private static func lookUp(_ host: String, _ flags: Int32) -> Result<[String], Failure> {
            var hints = addrinfo()
            hints.ai_flags = flags
            hints.ai_family = AF_UNSPEC
            #if canImport(Glibc)
                hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            #else
                hints.ai_socktype = SOCK_STREAM
            #endif
            var list: UnsafeMutablePointer<addrinfo>?
            let status = getaddrinfo(host, nil, &hints, &list)
            guard status == 0 else {
                let reason = status == EAI_SYSTEM ? String(cString: strerror(errno)) : String(cString: gai_strerror(status))
                return .failure(Failure(text: reason))
            }
            defer { freeaddrinfo(list) }
            var addresses: [String] = []
            var next = list
            while let entry = next?.pointee {
                next = entry.ai_next
                var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
                let length = socklen_t(text.count)
                guard getnameinfo(entry.ai_addr, entry.ai_addrlen, &text, length, nil, 0, NI_NUMERICHOST) == 0 else { continue }
                let address = text.withUnsafeBufferPointer {
                    String(decoding: $0.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                }
                if !addresses.contains(address) { addresses.append(address) }
            }
            return addresses.isEmpty ? .failure(Failure(text: "the host has no address")) : .success(addresses)
        }
    }
#endif

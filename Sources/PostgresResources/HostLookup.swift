#if Postgres
    import Foundation
    import ResourceContainer

    /// Resolves a host name to addresses. libpq's own lookup would block.
    enum HostLookup {
        /// Why a name has no address.
        struct Failure: Error {
            let text: String
        }

        /// Returns the addresses of `host` as text, in the order in which to try them.
        ///
        /// - Throws: ``Failure``; `CancellationError`, in which case the system's lookup continues in the background.
        static func addresses(of host: String) async throws -> [String] {
            guard let answer = await BlockingCall.run("host lookup", { Self.ask(host) }) else { throw CancellationError() }
            return try answer.get()
        }

        private static func ask(_ host: String) -> Result<[String], Failure> {
            var hints = addrinfo()
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

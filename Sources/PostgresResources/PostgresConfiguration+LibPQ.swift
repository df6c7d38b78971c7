#if Postgres
    extension PostgresConfiguration {
        /// Everything that libpq needs to connect, by its keywords: once for each address of the host, in the order in which they are to be
        /// tried. libpq would try them by itself, but has no time limit for each when it does not block.
        ///
        /// - Returns: at least one.
        /// - Throws: ``HostLookup/Failure``; `CancellationError`.
        func libPQParameters() async throws -> [[(keyword: String, value: String)]] {
            var parameters = self.parameters.mapValues(\.text)
            parameters["port"] = String(self.port)
            parameters["user"] = self.user
            parameters["password"] = self.password?.text
            parameters["dbname"] = self.database
            parameters["application_name"] = self.applicationName
            parameters["client_encoding"] = "UTF8"
            // Negotiating it may block in libraries that libpq calls; who wants it says so in the URL.
            parameters["gssencmode"] = parameters["gssencmode"] ?? "disable"
            var addresses = parameters["hostaddr"]?.split(separator: ",").map(String.init) ?? []
            if let host = self.host, !host.isEmpty {
                // The name stays for the server's certificate.
                parameters["host"] = host
                if !host.hasPrefix("/"), parameters["hostaddr"] == nil { addresses = try await HostLookup.addresses(of: host) }
            }
            if addresses.isEmpty { return [parameters.map { ($0.key, $0.value) }] }
            return addresses.map { address in
                parameters.merging(["hostaddr": address]) { $1 }.map { ($0.key, $0.value) }
            }
        }
    }
#endif

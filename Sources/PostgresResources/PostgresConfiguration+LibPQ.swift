#if Postgres
    // The internal target that PostgreSQL and Redis share.
    import SocketReadiness

    extension PostgresConfiguration {
        /// Returns libpq's connection parameters by keyword, once for each address of the host, in the order in which to try them. libpq
        /// would try them itself, but has no time limit per address in non-blocking mode.
        ///
        /// - Returns: At least one set of parameters.
        /// - Throws: `HostLookup.Failure`; `CancellationError`.
        func libPQParameters() async throws -> [[(keyword: String, value: String)]] {
            var parameters = self.parameters.mapValues(\.text)
            parameters["port"] = String(self.port)
            parameters["user"] = self.user
            parameters["password"] = self.password?.text
            parameters["dbname"] = self.database
            parameters["application_name"] = self.applicationName
            parameters["client_encoding"] = "UTF8"
            // GSS encryption may block in libraries that libpq calls; a URL can enable it.
            parameters["gssencmode"] = parameters["gssencmode"] ?? "disable"
            var addresses = parameters["hostaddr"]?.split(separator: ",").map(String.init) ?? []
            if let host = self.host, !host.isEmpty {
                // libpq verifies the server's certificate against the name.
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

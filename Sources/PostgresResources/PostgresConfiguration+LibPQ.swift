#if Postgres
    extension PostgresConfiguration {
        /// Everything that libpq needs to connect, by its keywords, and with addresses for the host's name.
        ///
        /// - Throws: ``HostLookup/Failure``; `CancellationError`.
        func libPQParameters() async throws -> [(keyword: String, value: String)] {
            var parameters = self.parameters.mapValues(\.text)
            parameters["port"] = String(self.port)
            parameters["user"] = self.user
            parameters["password"] = self.password?.text
            parameters["dbname"] = self.database
            parameters["application_name"] = self.applicationName
            parameters["client_encoding"] = "UTF8"
            // Negotiating it may block in libraries that libpq calls; who wants it says so in the URL.
            parameters["gssencmode"] = parameters["gssencmode"] ?? "disable"
            if let host = self.host, !host.isEmpty {
                parameters["host"] = host
                if !host.hasPrefix("/"), parameters["hostaddr"] == nil {
                    // libpq tries them in turn; the name stays for the server's certificate.
                    let addresses = try await HostLookup.addresses(of: host)
                    parameters["host"] = addresses.map { _ in host }.joined(separator: ",")
                    parameters["hostaddr"] = addresses.joined(separator: ",")
                }
            }
            return parameters.map { ($0.key, $0.value) }
        }
    }
#endif

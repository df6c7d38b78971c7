#if Redis
    import Foundation

    extension RedisConfiguration {
        /// Creates a configuration from a URL: `redis://user:password@host:port/database`, where everything but the host is optional, or
        /// `unix://user:password@/path/of/the/socket?db=database`.
        ///
        /// Reserved characters in a password are percent-encoded: `%40` for `@`, `%3A` for `:`, `%2F` for `/`.
        ///
        /// - Throws: ``RedisError/Code/invalidConfiguration``. The error contains nothing of the URL, because the password can be anywhere
        ///   in a malformed one.
        public init(
            url: String,
            connectTimeout: Duration = .seconds(5),
            commandTimeout: Duration = .seconds(5)
        ) throws(RedisError) {
            let advice =
                "expected redis://user:password@host:port/database, with / @ : ? # % in the password written as %2F %40 %3A %3F %23 %25"
            func refusing(_ fault: String) -> RedisError { .invalidConfiguration("\(fault); \(advice)") }

            let scheme = url.prefix { $0 != ":" }.lowercased()
            if scheme == "rediss" { throw refusing("rediss:// requires TLS, which is not supported") }
            guard scheme == "redis" || scheme == "unix", url.dropFirst(scheme.count).hasPrefix("://") else {
                throw refusing("it does not begin with redis:// or unix://")
            }
            guard let parts = URLComponents(string: url, encodingInvalidCharacters: false) else { throw refusing("it is not a URL") }
            guard parts.fragment == nil else { throw refusing("it contains a #") }
            guard let path = parts.percentEncodedPath.removingPercentEncoding, !path.contains("@") else {
                throw refusing("the path contains an @")
            }
            // An empty part counts as missing: `redis://:@host`.
            func decoded(_ text: String?, _ name: String) throws(RedisError) -> String? {
                guard let text, !text.isEmpty else { return nil }
                guard let decoded = text.removingPercentEncoding else { throw refusing("the \(name) is not percent-encoded correctly") }
                return decoded
            }
            let user = try decoded(parts.percentEncodedUser, "user")
            let password = try decoded(parts.percentEncodedPassword, "password")
            if user != nil, password == nil { throw refusing("it has a user without a password (redis://:password@host has no user)") }

            let endpoint: Endpoint
            let database: String
            if scheme == "unix" {
                guard parts.host?.isEmpty ?? true, parts.port == nil else { throw refusing("unix:// takes a path, not a host") }
                endpoint = .unix(path: path)
                let items = parts.queryItems ?? []
                guard items.allSatisfy({ $0.name == "db" }), items.count <= 1 else { throw refusing("its query is not db=database") }
                database = items.first.map { $0.value ?? "-" } ?? ""
            } else {
                guard parts.query == nil else { throw refusing("it has a query, which is not supported") }
                guard var host = parts.percentEncodedHost?.removingPercentEncoding, !host.isEmpty else {
                    throw refusing("it has no host")
                }
                if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
                endpoint = .tcp(host: host, port: parts.port ?? 6379)
                database = String(path.dropFirst())
            }
            guard let number = database.isEmpty ? 0 : Int(database) else { throw refusing("the database is not a number") }
            self.init(
                endpoint,
                user: user,
                password: password,
                database: number,
                connectTimeout: connectTimeout,
                commandTimeout: commandTimeout
            )
            if let fault = self.fault { throw refusing(fault) }
        }
    }
#endif

#if Postgres
    import CLibPQ
    import Foundation

    extension PostgresConfiguration {
        /// Creates a configuration from a connection URL, as libpq reads it: `postgres://user:password@host:port/database?sslmode=require`.
        ///
        /// The scheme can also be `postgresql`. Missing parts have libpq's defaults; `connect_timeout` is in seconds. Reserved characters,
        /// such as `@`, `/`, and `%` in a password, are percent-encoded as `%40`, `%2F`, and `%25`.
        ///
        /// - Throws: ``PostgresError/Code/invalidConfiguration``, with the reason. The error never contains the user, the password, or the
        ///   value of a parameter.
        public init(url: String) throws(PostgresError) {
            try URLShape.check(url)
            var found = try Self.parse(url)
            let environment = ProcessInfo.processInfo.environment
            self.init(
                host: "",
                user: found.take("user"),
                password: found.take("password"),
                database: found.take("dbname"),
                applicationName: found.take("application_name") ?? "resmon"
            )
            self.host = found.take("host") ?? environment["PGHOST"]
            if let host = self.host, host.unicodeScalars.contains(where: { $0 == "," || $0 == "@" }) {
                throw .invalidURL(
                    "it must name one host, without , and @ (an @ in a password is written as %40)"
                )
            }
            if let port = found.take("port") ?? environment["PGPORT"] {
                guard let number = Int(port), 1...65_535 ~= number else { throw .invalidURL("the port must be a number from 1 to 65535") }
                self.port = number
            }
            if let timeout = found.take("connect_timeout") {
                guard let seconds = Int(timeout), 1...86_400 ~= seconds else {
                    throw .invalidURL("connect_timeout must be a whole number of seconds, from 1 to 86400")
                }
                self.connectTimeout = .seconds(seconds)
            }
            if let encoding = found.take("client_encoding"), !["utf8", "utf-8", "auto"].contains(encoding.lowercased()) {
                throw .invalidURL("client_encoding must be UTF8")
            }
            // A service file could set a host name, which libpq would look up in a blocking way.
            if found.take("service") != nil { throw .invalidURL("the parameter service is not supported: write out its settings") }
            self.parameters = found.mapValues(Secret.init)
        }

        /// The settings of the URL by libpq's keywords.
        private static func parse(_ url: String) throws(PostgresError) -> [String: String] {
            switch Self.askLibPQ(url) {
            case .success(let parameters):
                return parameters
            case .failure:
                // libpq's messages quote invalid parts, so only its message about the URL without secrets is reported.
                switch Self.askLibPQ(URLShape.withoutSecrets(url)) {
                case .failure(let reason):
                    throw .invalidURL(reason.text)
                case .success:
                    throw .invalidURL(
                        "a % in the user, password, or a parameter value is followed by 00, or not by two hexadecimal digits"
                    )
                }
            }
        }

        private struct Refusal: Error {
            let text: String
        }

        private static func askLibPQ(_ url: String) -> Result<[String: String], Refusal> {
            var words: UnsafeMutablePointer<CChar>?
            guard let options = PQconninfoParse(url, &words) else {
                defer { PQfreemem(words) }
                return .failure(Refusal(text: words.map { String(cString: $0).oneLine } ?? "libpq gives no reason"))
            }
            defer { PQconninfoFree(options) }
            var parameters: [String: String] = [:]
            var option = options
            while let keyword = option.pointee.keyword {
                if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
                option += 1
            }
            return .success(parameters)
        }
    }

    /// Checks of a URL before libpq parses it: libpq would treat parts of a password that is not encoded as host names.
    ///
    /// Works on Unicode scalars because libpq reads bytes: an `@` with a combining accent is a different character but still an `@`.
    private enum URLShape {
        static func check(_ url: String) throws(PostgresError) {
            guard let rest = self.afterScheme(url) else {
                throw .invalidURL("it must begin with postgres:// or postgresql://, as in postgres://user:password@host:5432/database")
            }
            if url.unicodeScalars.contains("\0") { throw .invalidURL("it contains a NUL character") }
            let authority = rest.prefix { $0 != "/" }
            let path = rest.dropFirst(authority.count).prefix { $0 != "?" }
            if authority.count(where: { $0 == "@" }) > 1 || path.contains("@") {
                throw .invalidURL("characters such as @ and / in a user, password, or database are written as %40 and %2F")
            }
            // An invalid port is probably part of a password, which libpq would quote.
            let afterUser = authority.lastIndex(of: "@").map { authority.index(after: $0) } ?? authority.startIndex
            let server = authority[afterUser...].prefix { $0 != "?" }
            let port = (server.first == "[" ? server.drop { $0 != "]" } : server).drop { $0 != ":" }.dropFirst()
            if !port.allSatisfy({ "0"..."9" ~= $0 }) {
                throw .invalidURL(
                    "the : after the host must be followed by a port from 1 to 65535; a URL with a user has an @ before the host"
                )
            }
            guard let query = self.query(of: rest) else { return }
            let parts = query.split(separator: "&", omittingEmptySubsequences: false)
            for (index, part) in parts.enumerated() where part.count(where: { $0 == "=" }) != 1 {
                throw .invalidURL("parameter \(index + 1) after the ? is not of the form name=value")
            }
        }

        /// The URL with placeholders for the user, the password, and the parameter values.
        static func withoutSecrets(_ url: String) -> String {
            guard let rest = self.afterScheme(url) else { return "" }
            let authority = rest.prefix { $0 != "/" }
            var text = String(rest)
            if let at = authority.lastIndex(of: "@") { text = "x:x" + String(rest[at...]) }
            if let query = self.query(of: rest) {
                let parts = query.split(separator: "&", omittingEmptySubsequences: false)
                let names = parts.map { part in String(part.prefix { $0 != "=" }) + "=1" }
                text = String(text.unicodeScalars.dropLast(query.count)) + names.joined(separator: "&")
            }
            return "postgres://" + text
        }

        private static func afterScheme(_ url: String) -> Substring.UnicodeScalarView? {
            let scheme = ["postgres://", "postgresql://"].first { url.unicodeScalars.starts(with: $0.unicodeScalars) }
            return scheme.map { url.unicodeScalars.dropFirst($0.count) }
        }

        /// The query after the `?`; a `?` in the user or password does not count.
        private static func query(of rest: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView? {
            let authority = rest.prefix { $0 != "/" }
            let start = authority.lastIndex(of: "@") ?? rest.startIndex
            return rest[start...].firstIndex(of: "?").map { rest[rest.index(after: $0)...] }
        }
    }

    extension PostgresError {
        fileprivate static func invalidURL(_ reason: String) -> PostgresError {
            PostgresError(.invalidConfiguration, "URL", "reading the connection URL", reason)
        }
    }

    extension [String: String] {
        fileprivate mutating func take(_ keyword: String) -> String? {
            self.removeValue(forKey: keyword)
        }
    }

    extension String {
        /// This text on one line, without line ends and indentation.
        var oneLine: String {
            self.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
        }
    }
#endif

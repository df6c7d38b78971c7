#if Postgres
    import Foundation

    /// A parsed message of libpq about a failed connection attempt.
    ///
    /// libpq has no accessor for the SQLSTATE of a refused connection, but includes it in verbose messages: `connection to server at "…",
    /// port 5432 failed: FATAL:  53300: sorry, too many clients already`, followed by a line `LOCATION:  …`.
    struct Refusal {
        let message: String
        let sqlState: String?

        init(verbose: String) {
            var sqlState: String?
            let lines = verbose.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("LOCATION:") }
            let parts = lines.map { line in
                guard let match = line.firstMatch(of: #/:  ([0-9A-Z]{5}): /#) else { return String(line) }
                sqlState = String(match.output.1)
                return line[..<match.range.lowerBound] + ": " + line[match.range.upperBound...]
            }
            self.message = parts.joined(separator: "\n").oneLine
            self.sqlState = sqlState
        }

        /// - Parameters:
        ///   - hasAnswered: Whether a server answered at the address.
        ///   - needsPassword: Whether the server required a password and none was configured.
        func code(hasAnswered: Bool, needsPassword: Bool) -> PostgresError.Code {
            if let sqlState = self.sqlState {
                if sqlState == "53300" { return .tooManyConnections }
                return sqlState.hasPrefix("28") ? .authenticationFailed : .refused
            }
            if needsPassword { return .authenticationFailed }
            return hasAnswered ? .refused : .unreachable
        }
    }
#endif

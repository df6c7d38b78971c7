/// The processes of a fleet at one instant, and the remarks of the server.
package struct FleetTable: Sendable, Hashable {
    /// The instant of all figures, in seconds since 1970.
    package var time: Double
    /// The processes, in the order of ``FleetKey``.
    package var rows: [FleetRow]
    /// The instant of the newest sample behind the figures, in seconds since 1970; nil if it is not known.
    package var newest: Double?
    /// Whether the server has pools and no recorded series, so that the columns of pools are empty.
    package var lacksRules: Bool
    /// The server's warnings, such as that of a partial response, each once.
    package var warnings: [String]
    /// The figures that could not be read, one sentence each.
    package var problems: [String]

    package init(
        time: Double,
        rows: [FleetRow],
        newest: Double? = nil,
        lacksRules: Bool = false,
        warnings: [String] = [],
        problems: [String] = []
    ) {
        self.time = time
        self.rows = rows
        self.newest = newest
        self.lacksRules = lacksRules
        self.warnings = warnings
        self.problems = problems
    }

    /// The time from the newest sample to the instant of the figures, in seconds; 0 if it is not known, and never negative.
    package var lag: Double {
        max(0, self.newest.map { self.time - $0 } ?? 0)
    }
}

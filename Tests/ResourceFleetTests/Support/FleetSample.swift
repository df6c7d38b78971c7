import ResourceContainer
import ResourceDashboard

@testable import ResourceFleet

/// A small fleet with everything that a screen distinguishes: two containers of one name, an alert without a container, unknown figures, and
/// hostile names.
enum FleetSample {
    /// 2026-01-01 12:00 UTC, in seconds since 1970.
    static let start = 1_767_268_800.0
    static let clock = WallClock(originNanoseconds: Int64(start) * 1_000_000_000)

    static func at(_ seconds: Int64) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: seconds * 1_000_000_000)
    }

    static func key(_ instance: String, _ container: String, job: String = "resmon") -> FleetKey {
        FleetKey(job: job, instance: instance, container: container)
    }

    static let starved = FiringAlert(
        name: "ResmonPoolStarved",
        severity: "critical",
        subject: "db",
        summary: "shop on web1:4711: pool db is empty and 6 wait",
        attach: "resmon attach ssh://web1 shop --view pools"
    )

    static let table = FleetTable(
        time: start,
        rows: [
            FleetRow(
                key("web1:4711", "shop"),
                figures: [
                    .up: 761, .scopes: 9, .active: 37, .created: 41.04, .errors: 3.2, .pool: 1, .waiting: 6, .p99: 1.4, .leaks: 1,
                    .findings: 5,
                    .health: 1, .alerts: 1,
                ],
                health: .degraded,
                alerts: [starved]
            ),
            FleetRow(
                key("web1:4712", "shop"),
                figures: [
                    .up: 12, .scopes: 2, .active: 4, .created: 0, .errors: 0, .pool: 0.35, .waiting: 0, .leaks: 0, .findings: 0, .health: 1,
                ],
                health: .healthy
            ),
            FleetRow(key("web2:4711", ""), figures: [.alerts: 1], alerts: [FiringAlert(name: "ResmonGone", severity: "critical")]),
            FleetRow(
                key("web3:9090", "mail\u{1B}[31m", job: "shops"),
                figures: [.up: 1e300, .scopes: 1e17, .active: .infinity, .created: 12_345.6, .pool: 1e9, .p99: .infinity],
                health: .unknown
            ),
            FleetRow(key("web4:4711", "検索"), figures: [.up: 90_061, .active: 1.5, .health: 1], health: .unhealthy),
        ],
        newest: start - 4
    )

    static var shapes: FleetShapes {
        var shapes = FleetShapes()
        shapes[table.rows[0].id] = (0..<FleetShapes.count).map { $0 < 5 ? nil : Double($0) }
        shapes[table.rows[1].id] = Array(repeating: 4, count: FleetShapes.count)
        return shapes
    }

    static func state(_ size: Size = Size(width: 120, height: 36), glyphs: GlyphSet = .braille) -> FleetState {
        FleetState(
            FleetConfiguration(
                size: size,
                glyphs: glyphs,
                clock: clock,
                source: "http://prometheus:9090",
                refresh: .seconds(5),
                command: .standard
            ),
            at: at(0)
        )
    }

    /// A state that has read the sample.
    static func shown(_ size: Size = Size(width: 120, height: 36), glyphs: GlyphSet = .braille) -> FleetState {
        var state = self.state(size, glyphs: glyphs)
        _ = state.update(.table(self.table, self.at(0)))
        _ = state.update(.shapes(self.shapes))
        return state
    }
}

extension FleetState {
    /// Presses keys, one for each character.
    @discardableResult
    mutating func type(_ keys: String) -> [FleetEffect] {
        keys.flatMap { self.update(.input(.key(Key($0)))) }
    }

    @discardableResult
    mutating func press(_ code: Key.Code) -> [FleetEffect] {
        self.update(.input(.key(Key(code))))
    }

    var screen: String { TextRenderer.render(self.render()) }

    /// The instances of the rows that are shown, in order.
    var instances: [String] { self.list.rows.map(\.id.instance) }
}

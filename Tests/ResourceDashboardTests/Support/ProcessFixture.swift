import ResourceContainer
import ResourceMonitoring
import ResourceRecording

@testable import ResourceDashboard

extension ProcessRow {
    /// The process `shop`, which may act and needs attention.
    static func shop(_ status: ConnectionStatus = .live(lag: .milliseconds(2)), consent: Bool = false) -> ProcessRow {
        ProcessRow(
            id: ProcessID("4711"),
            pid: 4711,
            name: "shop",
            host: "web1",
            uptime: .seconds(761),
            status: status,
            scopes: 9,
            active: 37,
            pool: PoolUse(name: "db", used: 18, limit: 20),
            waiting: 6,
            findings: 5,
            worstFinding: .high,
            health: .degraded,
            mayAct: true,
            actsWithConsent: consent,
            depth: .seconds(600),
            refusal: consent ? nil : "this dashboard only watches shop 4711@web1: attach with --act",
            attention: [
                AttentionLine(severity: .high, text: "db: 6 acquisitions wait, the longest for 1.84s"),
                AttentionLine(severity: .low, text: "Cache: never used"),
            ]
        )
    }

    /// The process `mail`, which may only be watched.
    static func mail(_ status: ConnectionStatus = .live(lag: nil)) -> ProcessRow {
        ProcessRow(
            id: ProcessID("4823"),
            pid: 4823,
            name: "mail",
            host: "web1",
            uptime: .seconds(12),
            status: status,
            scopes: 2,
            active: 4,
            waiting: 0,
            findings: 0,
            health: .healthy,
            depth: .seconds(12),
            refusal: "mail 4823@web1 accepts no commands"
        )
    }

    /// The process `shop` of an earlier run, which ended at 12:04:31.
    static func ended(successor: ProcessID? = nil) -> ProcessRow {
        let end = TimeSource.Instant(nanoseconds: 271_000_000_000)
        return ProcessRow(
            id: ProcessID("4600"),
            pid: 4600,
            name: "shop",
            host: "web1",
            status: .ended(at: end, how: "without goodbye"),
            depth: .seconds(90),
            successor: successor
        )
    }
}

extension ProcessRow {
    /// A process `shop` that ended before anything was seen of it.
    static func unseen(_ id: String, successor: ProcessID? = nil) -> ProcessRow {
        var row = ProcessRow.ended(successor: successor)
        (row.id, row.depth) = (ProcessID(id), nil)
        return row
    }
}

extension DashboardState {
    /// A state of 120 x 36 cells, attached to processes.
    static func attached(
        _ rows: [ProcessRow] = [.shop(), .mail(), .ended()],
        to process: String = "4711",
        in view: DashboardView = .overview,
        reach: Duration? = nil
    ) -> DashboardState {
        DashboardState(
            configuration: DashboardConfiguration(
                origin: "attached",
                clock: WallClock(originNanoseconds: 1_767_268_800_000_000_000),
                size: Size(width: 120, height: 36),
                view: view,
                processes: rows,
                process: ProcessID(process),
                reach: reach
            )
        )
    }

    /// The screen as one text.
    var text: String { TextRenderer.render(self.render()) }
}

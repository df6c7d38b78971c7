import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceDashboard

/// Reads figures back from the drawn screens and compares them with the monitor's report of the same moment.
@Suite("Figures on the screen")
struct FiguresAgreeTests {
    private static func screen(_ state: inout DashboardState, _ view: DashboardView) -> [String] {
        state.show(view)
        return TextRenderer.render(state.render()).split(separator: "\n").map(String.init)
    }

    /// Returns the number after `label` in the first row that has one.
    private static func number(_ label: String, in rows: [String]) -> Int? {
        for row in rows {
            guard let location = row.range(of: label) else { continue }
            let digits = row[location.upperBound...].drop { $0 == " " }.prefix { $0.isNumber || $0 == "," }.filter { $0 != "," }
            if let number = Int(digits) { return number }
        }
        return nil
    }

    @Test("Header, overview, tables and charts show the monitor's figures at every step.", arguments: Scenarios.all.map { $0.name })
    func agree(_ name: String) async throws {
        let scenario = try #require(Scenarios.named(name))
        let isSoak = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1"
        // The storm has a lower rate, and with `RESMON_SOAK` its usual one.
        let options = ScenarioOptions(rate: isSoak ? nil : 200, resources: name == "storm" ? 200 : nil)
        let session = try SimulatedSession(scenario, seed: 5, options: options)
        var state = DashboardState(
            configuration: DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: Size(width: 200, height: 60))
        )
        // Every fifth step, and every step with `RESMON_SOAK`.
        for step in 1...60 {
            _ = state.update(.monitor(await session.advance()))
            guard isSoak || step.isMultiple(of: 5) else { continue }
            let report = session.monitor.report()
            let (picture, overall) = (state.picture, report.overall)
            #expect(picture.sequence == report.sequence)

            let overview = Self.screen(&state, .overview)
            #expect(overview[0].contains(" events \(Format.rate(report.rates.tenSeconds.events))/s  missed 0 "))
            // A sentence above the books may have the same words.
            let books = Array(overview.drop { !$0.contains(" Books ") })
            #expect(Self.number("created ", in: books) == overall.resourcesCreated)
            #expect(Self.number("disposed ", in: books) == overall.resourcesDisposed)
            #expect(Self.number("active ", in: books) == overall.activeResources)
            #expect(Self.number("init-failed ", in: books) == overall.initFailed)
            #expect(Self.number("errors ", in: books) == overall.resourceErrors)
            #expect(Self.number("abandoned ", in: books) == overall.abandoned)
            #expect(Self.number("initializing ", in: books) == overall.initializing)
            #expect(Self.number("disposing ", in: books) == overall.disposing)
            let text = overview.joined(separator: "\n")
            let lifetimes = [("avg", overall.avgLifetime), ("median", overall.medianLifetime)]
            // Unknown lifetimes are not shown as 0.
            if overall.totalLifetimesTracked == 0 { #expect(text.contains("lifetime none ended")) }
            for (label, seconds) in lifetimes where overall.totalLifetimesTracked > 0 {
                #expect(text.contains("\(label) \(Format.duration(.seconds(seconds)))"), "\(text)")
            }
            #expect(text.contains("  \(Format.count(overall.totalLifetimesTracked)) tracked"))
            let rates = report.rates.tenSeconds
            #expect(text.contains("\(Format.rate(rates.created))/s created  \(Format.rate(rates.ended))/s ended"))
            #expect(Self.number("Open scopes ", in: overview) == report.openScopes + 1)
            #expect(Self.number("Needs attention ", in: overview) == report.findings.count)
            #expect(Self.number("Pools ", in: Array(overview.dropFirst(2))) == report.pools.count)
            // The chart of active resources: its newest point, and the number beside it.
            #expect(Self.number("  now ", in: overview) == overall.activeResources)
            #expect(picture.samples.last?.active == overall.activeResources)
            #expect(picture.samples.last?.created == overall.resourcesCreated)
            if let second = picture.history.last {
                #expect(second.second == picture.time.nanoseconds / 1_000_000_000 - 1)
            }

            #expect(Self.number("Resources ", in: Array(Self.screen(&state, .resources).dropFirst(2))) == overall.activeResources)
            #expect(state.viewModel().resources.count { picture.resources[ResourceID($0.id)] != nil } == overall.activeResources)
            let active = picture.resources.values
            #expect(active.count { $0.resource.state == .ready } == overall.ready)
            for (label, group) in report.keys {
                #expect(active.count { picture.typeLabel($0) == label } == group.activeResources)
            }
            let tree = Self.screen(&state, .scopes)
            for scope in report.scopes where scope.figures.activeResources > 0 {
                // A tree that is longer than the screen does not show every scope.
                guard let row = tree.first(where: { $0.hasPrefix("│") && $0.contains(" \(scope.name) ") }) else { continue }
                let columns = row.split(separator: "│")[0].split(separator: " ")
                #expect(columns.contains("\(scope.figures.activeResources)/\(scope.figures.resourcesCreated)"), "\(row)")
            }

            let pools = Self.screen(&state, .pools)
            for pool in report.pools {
                let row = try #require(pools.first { $0.contains("│ \(pool.name) ") })
                let figures = row.split(separator: "]").last.map { $0.split(separator: " ").prefix(5).compactMap { Int($0) } }
                #expect(figures == [pool.activeConnections, pool.idle, pool.minimum, pool.maximum, pool.waiting], "\(row)")
            }
            #expect(picture.samples.last?.waiting == report.pools.reduce(0) { $0 + $1.waiting })
        }
    }
}

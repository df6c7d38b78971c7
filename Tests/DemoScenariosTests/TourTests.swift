import Foundation
import ResourceContainer
import ResourceScenarios
import Testing

@testable import DemoScenarios

/// The tour goes through the whole page.
@Suite("The tour")
struct TourTests {
    /// The headings of the specification's page that have something to do, in its order.
    private static let page = [
        "Basic Resource Pattern", "Resource Scope Management", "Connection Pool Resources", "File Handle Resources",
        "Network Connection Resources", "Resource Factory Pattern", "Resource Decorator Pattern", "Resource Pool Pattern",
        "Proper Resource Cleanup", "Resource Error Handling", "Resource Monitoring", "Manual Resource Management", "Resource Exhaustion",
        "Improper Error Handling", "Resource Usage Metrics", "Health Checks", "Summary",
    ]

    @Test("stops at every heading of the page, in its order")
    func headings() {
        #expect(TourScenario.headings == Self.page)
    }

    @Test("a stop that ends early says so; one that is cancelled says nothing", arguments: [false, true])
    func brokenOff(isCancelled: Bool) async throws {
        struct Trouble: Error, CustomStringConvertible { let description = "trouble" }
        let container = Container()
        let subscription = container.subscribe()
        try container.bind(Guide.self, lifetime: .singleton) { Guide() }
        let guide = try await container.get(Guide.self)
        let world = ScenarioWorld(environment: container.environment, leaves: .simulated)
        let stop = TourStop(section: "Part", heading: "Subject") { _ in throw Trouble() }
        let run = Task {
            if isCancelled { withUnsafeCurrentTask { $0?.cancel() } }
            await stop.run(with: Tour(container: container, world: world, guide: guide, heading: "Subject"))
        }
        await run.value
        let said = subscription.drain().events.compactMap { event -> String? in
            guard case .noted(let text) = event.kind else { return nil }
            return text
        }
        #expect(said == (isCancelled ? [] : ["broken off: Subject: trouble"]))
        try await container.close()
    }

    @Test("and at every heading under which the documentation goes through the specification")
    func documented() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources/ResourceContainer/ResourceContainer.docc/TheSpecificationPage.md")
        let headings = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("## ") }
            .map { $0.dropFirst(3).lowercased() }.filter { $0 != "overview" }
        let shown = Set((TourScenario.headings + TourScenario.sections).map { $0.lowercased() })
        #expect(headings.count > 10 && shown.isSuperset(of: headings), "not shown: \(Set(headings).subtracting(shown))")
    }

    @Test("every stop is announced, explained, and done in a scope of its own, within the time it says; then it begins again")
    func explained() async throws {
        let session = try SimulatedSession(TourScenario.self, seed: 3)
        let subscription = session.container.subscribe()
        var said: [String] = []
        var scopes: [String] = []
        while await session.time < TourScenario.length {
            _ = await session.advance()
            for event in subscription.drain().events {
                switch event.kind {
                case .noted(let text): said.append(text)
                case .scopeOpened(let scope) where scope.tag == "tour": scopes.append(scope.name)
                default: break
                }
            }
        }
        let announced = said.filter { $0.hasPrefix("[") }.map { String($0.drop { $0 != "]" }.dropFirst(2)) }
        #expect(Array(announced.prefix(Self.page.count)) == Self.page && announced.dropFirst(Self.page.count).first == Self.page[0])
        let brokenOff = said.filter { $0.hasPrefix(TourStop.brokenOff) }
        #expect(brokenOff.isEmpty)
        // The last stop is followed by the first one of the next round.
        var ends = said[...].indices.filter { said[$0].hasPrefix("[") }.dropFirst()
        for (stop, heading) in zip(TourStop.all, Self.page) {
            let from = try #require(said.firstIndex { $0.hasSuffix("] \(heading)") })
            let to = try #require(ends.first)
            ends = ends.dropFirst()
            #expect(to - from >= 2, "nothing is said about \(stop.heading)")
        }
        // Those that show scopes themselves name them after what they are.
        let own: Set = ["Resource Scope Management", "Manual Resource Management", "Health Checks"]
        for heading in Self.page where !own.contains(heading) {
            #expect(scopes.contains { $0.hasPrefix(heading) }, "no scope is opened for \(heading)")
        }
        // A sentence fits into a line of the events at the usual width.
        #expect(said.allSatisfy { $0.count <= 105 }, "too long: \(said.filter { $0.count > 105 })")
    }
}

import Foundation
import ResourceContainer
import ResourceScenarios
import Testing

@testable import DemoScenarios

/// Checks that the tour covers the specification page.
@Suite("Tour")
struct TourTests {
    /// The headings of the specification page that describe something to do, in page order.
    private static let page = [
        "Basic Resource Pattern", "Resource Scope Management", "Connection Pool Resources", "File Handle Resources",
        "Network Connection Resources", "Resource Factory Pattern", "Resource Decorator Pattern", "Resource Pool Pattern",
        "Proper Resource Cleanup", "Resource Error Handling", "Resource Monitoring", "Manual Resource Management", "Resource Exhaustion",
        "Improper Error Handling", "Resource Usage Metrics", "Health Checks", "Summary",
    ]

    @Test("The tour stops at every heading of the page, in page order.")
    func headings() {
        #expect(TourScenario.headings == Self.page)
    }

    @Test("A stop that fails reports it; a canceled stop reports nothing.", arguments: [false, true])
    func failedAndCanceledStops(isCancelled: Bool) async throws {
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
        let notes = subscription.drain().events.compactMap { event -> String? in
            guard case .noted(let text) = event.kind else { return nil }
            return text
        }
        #expect(notes == (isCancelled ? [] : ["ended early: Subject: trouble"]))
        try await container.close()
    }

    @Test("The tour stops at every heading of the documentation's specification article.")
    func documented() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("docs/specification-page.md")
        let headings = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("## ") }
            .map { $0.dropFirst(3).lowercased() }.filter { $0 != "overview" }
        let shown = Set((TourScenario.headings + TourScenario.sections).map { $0.lowercased() })
        #expect(headings.count > 10, "not shown: \(Set(headings).subtracting(shown))")
        #expect(shown.isSuperset(of: headings), "not shown: \(Set(headings).subtracting(shown))")
    }

    @Test("Every stop is announced, explained, and run in a separate scope within its stated time; then the tour repeats.")
    func everyStopIsExplained() async throws {
        let session = try SimulatedSession(TourScenario.self, seed: 3)
        let subscription = session.container.subscribe()
        var notes: [String] = []
        var scopes: [String] = []
        while await session.time < TourScenario.length {
            _ = await session.advance()
            for event in subscription.drain().events {
                switch event.kind {
                case .noted(let text): notes.append(text)
                case .scopeOpened(let scope) where scope.tag == "tour": scopes.append(scope.name)
                default: break
                }
            }
        }
        let announced = notes.filter { $0.hasPrefix("[") }.map { String($0.drop { $0 != "]" }.dropFirst(2)) }
        #expect(Array(announced.prefix(Self.page.count)) == Self.page)
        #expect(announced.dropFirst(Self.page.count).first == Self.page[0])
        let brokenOff = notes.filter { $0.hasPrefix(TourStop.brokenOff) }
        #expect(brokenOff.isEmpty)
        // The last stop is followed by the first stop of the next round.
        var ends = notes[...].indices.filter { notes[$0].hasPrefix("[") }.dropFirst()
        for (stop, heading) in zip(TourStop.all, Self.page) {
            let from = try #require(notes.firstIndex { $0.hasSuffix("] \(heading)") })
            let to = try #require(ends.first)
            ends = ends.dropFirst()
            #expect(to - from >= 2, "no notes about \(stop.heading)")
        }
        // Stops that demonstrate scopes name their scopes themselves.
        let own: Set = ["Resource Scope Management", "Manual Resource Management", "Health Checks"]
        for heading in Self.page where !own.contains(heading) {
            #expect(scopes.contains { $0.hasPrefix(heading) }, "no scope is opened for \(heading)")
        }
        // A note fits into a line of the event log at the usual width.
        #expect(notes.allSatisfy { $0.count <= 105 }, "too long: \(notes.filter { $0.count > 105 })")
    }
}

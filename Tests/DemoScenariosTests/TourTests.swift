import DemoScenarios
import Foundation
import ResourceContainer
import ResourceScenarios
import Testing

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
        for (heading, next) in zip(Self.page, Self.page.dropFirst()) {
            let from = try #require(said.firstIndex { $0.hasSuffix("] \(heading)") })
            let to = try #require(said.firstIndex { $0.hasSuffix("] \(next)") })
            #expect(to - from >= 2, "nothing is said about \(heading)")
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

import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@testable import ResourceDashboard

@Suite("Captions")
struct CaptionTests {
    private final class Speaker: SyncResource, ContextualResource {
        private let context = Lock<ResourceContext?>(nil)

        func attach(_ context: ResourceContext) { self.context.withLock { $0 = context } }
        func say(_ text: String) { self.context.withLock { $0 }?.note(text) }
    }

    private static func state(width: Int = 80, height: Int = 24) -> DashboardState {
        DashboardState(
            configuration: DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: Size(width: width, height: height))
        )
    }

    private static func rows(_ state: DashboardState) -> [String] {
        TextRenderer.render(state.render()).split(separator: "\n").map { String($0) }
    }

    @Test("A caption shows the last note of a binding tagged notes=caption while its instance is active.")
    func caption() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("app", environment: simulation.environment)
        let feed = ResourceMonitor(container).feed()
        try container.bind(Speaker.self, name: "guide", options: BindingOptions(tags: ["notes": "caption"])) { Speaker() }
        try container.bind(Speaker.self, name: "other") { Speaker() }
        var state = Self.state()
        func last() -> String {
            _ = state.update(.monitor(feed.next()))
            return Self.rows(state)[21].trimmingCharacters(in: .whitespaces)
        }
        try container.withScope("tour") { scope in
            let (guide, other) = (try scope.get(Speaker.self, name: "guide"), try scope.get(Speaker.self, name: "other"))
            #expect(last().hasPrefix("╰"))
            guide.say("first\u{1B}[31m words")
            #expect(last() == "first␛[31m words")
            other.say("not for all")
            #expect(last() == "first␛[31m words")
            guide.say("second words")
            for view in DashboardView.allCases {
                _ = state.press(.character(Character(String(view.number))))
                #expect(last() == "second words", "\(view)")
            }
        }
        #expect(last().hasPrefix("╰"))
    }

    @Test("A long caption wraps, and a low screen shows none.")
    func room() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("app", environment: simulation.environment)
        let feed = ResourceMonitor(container).feed()
        try container.bind(Speaker.self, options: BindingOptions(tags: ["notes": "caption"])) { Speaker() }
        try container.withScope("tour") { scope in
            try scope.get(Speaker.self).say(Array(repeating: "word", count: 30).joined(separator: " "))
            let update = feed.next()
            var high = Self.state()
            _ = high.update(.monitor(update))
            let rows = Self.rows(high)
            #expect(rows.count == 24 && rows[20].contains("word") && rows[21].contains("word") && rows[19].hasPrefix("╰"))
            var low = Self.state(height: 15)
            _ = low.update(.monitor(update))
            #expect(!Self.rows(low).contains { $0.contains(" word word") })
        }
    }
}

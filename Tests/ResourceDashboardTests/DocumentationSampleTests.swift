import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import Testing

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: ResourceDashboard")
struct DocumentationSampleTests {
    @Test("A state that receives one update of a monitor is drawn as text of the configured size.")
    func drawing() async throws {
        let container = Container("shop")
        let feed = ResourceMonitor(container).feed()
        let size = Size(width: 120, height: 36)
        var state = DashboardState(configuration: DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: size))
        _ = state.update(.monitor(feed.next()))
        let text = TextRenderer.render(state.render())
        #expect(text.contains("shop"))
        #expect(text.split(separator: "\n").count == 36)
        try await container.close()
    }
}

import ResourceContainer
import Testing

/// Runs the samples of the article on resources of the main actor. That both classes compile is half of the test.
@Suite("Samples of the documentation: main actor")
struct MainActorSampleTests {
    @Test("A class of the main actor with annotated methods is initialized, checked, and disposed.")
    func annotated() async throws {
        let container = Container("app")
        try DocumentationSamples.mainActor(container)
        let windows = try await container.get(WindowState.self)
        #expect(try await windows.healthCheck().status == .healthy)
        #expect(try await container.close().isClean)
        #expect(try await windows.healthCheck().status == .unhealthy)
    }

    @Test("A class of the main actor that conforms in an extension is initialized and disposed.")
    func extended() async throws {
        let container = Container("app")
        try DocumentationSamples.mainActor(container)
        let preferences = try await container.get(Preferences.self)
        #expect(await preferences.values == ["theme": "dark"])
        #expect(try await container.close().isClean)
        #expect(await preferences.values.isEmpty)
    }
}

import ResourceContainer

// MARK: Resources on the main actor

@MainActor
final class WindowState: Resource, HealthCheckable {
    private var windows = 0

    init() {}

    @MainActor func initialize() async throws { self.windows = 1 }
    @MainActor func dispose() async throws { self.windows = 0 }
    @MainActor func healthCheck() async throws -> HealthReport { HealthReport(self.windows > 0 ? .healthy : .unhealthy) }
}

@MainActor
final class Preferences {
    private(set) var values: [String: String] = [:]

    init() {}

    func initialize() async throws { self.values = ["theme": "dark"] }
    func dispose() async throws { self.values = [:] }
}

extension Preferences: Resource {}

extension DocumentationSamples {
    static func mainActor(_ container: Container) throws {
        try container.bind(WindowState.self, lifetime: .singleton) { await WindowState() }
        try container.bind(Preferences.self, lifetime: .singleton) { await Preferences() }
    }
}

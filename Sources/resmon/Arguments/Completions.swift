import ArgumentParser
import DemoScenarios
import ResourceDashboard

/// Shell completions for the values of options.
extension CompletionKind {
    static var scenarios: CompletionKind { .list(Scenarios.all.map { $0.name }) }
    static var views: CompletionKind { .list(DashboardView.allCases.map(\.rawValue)) }

    /// The names of the themes that exist when the shell requests them.
    static var themes: CompletionKind {
        .custom { _, _, _ in
            let directories = ThemeOptions.standardDirectories(Surroundings.current)
            return ThemeLibrary(directories: directories).names()
        }
    }
}

extension ThemeOptions {
    static func standardDirectories(_ surroundings: Surroundings) -> [String] {
        self.standardDirectories(environment: surroundings.environment, executable: surroundings.executable)
    }
}

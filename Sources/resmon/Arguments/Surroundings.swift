import Foundation

/// What the program finds around it: variables and its own place.
struct Surroundings {
    let environment: [String: String]
    /// The path of the running program, without symbolic links.
    let executable: String

    static var current: Surroundings {
        let path = Bundle.main.executablePath ?? CommandLine.arguments.first ?? "resmon"
        return Surroundings(
            environment: ProcessInfo.processInfo.environment,
            executable: URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        )
    }
}

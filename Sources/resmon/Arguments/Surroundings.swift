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

    /// Lets no proxy come between the scenarios and their servers, which are on loopback. Called before anything runs beside it.
    static func keepLoopbackDirect() {
        let environment = ProcessInfo.processInfo.environment
        let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        if exceptions == "*" { return }
        setenv("no_proxy", self.withLoopback(exceptions), 1)
    }

    /// The hosts that are reached without a proxy, those of loopback among them.
    static func withLoopback(_ exceptions: String) -> String {
        let known = exceptions.split(separator: ",").map { $0.drop { $0 == " " } }
        let missing = ["127.0.0.1", "localhost", "::1"].filter { host in !known.contains { $0 == host } }
        return ([exceptions].filter { !$0.isEmpty } + missing).joined(separator: ",")
    }
}

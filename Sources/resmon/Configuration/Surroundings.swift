import Foundation

/// The environment of the program: its variables and its path.
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

    /// Adds the loopback hosts to `no_proxy`, so that requests of scenarios to their servers use no proxy. Call it before any other thread
    /// starts, because it changes the environment.
    static func keepLoopbackDirect() {
        let environment = ProcessInfo.processInfo.environment
        let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        if exceptions == "*" { return }
        setenv("no_proxy", self.withLoopback(exceptions), 1)
    }

    /// The hosts of `exceptions`, and those of loopback.
    static func withLoopback(_ exceptions: String) -> String {
        let known = exceptions.split(separator: ",").map { $0.drop { $0 == " " } }
        let missing = ["127.0.0.1", "localhost", "::1"].filter { host in !known.contains { $0 == host } }
        return ([exceptions].filter { !$0.isEmpty } + missing).joined(separator: ",")
    }
}

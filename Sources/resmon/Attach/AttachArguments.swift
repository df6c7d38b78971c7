import ArgumentParser
import ResourceAttachClient
import ResourceDashboard

/// The targets of commands for running processes, as they are written on the command line.
enum AttachArguments {
    /// Returns the only endpoint that `words` mean. Without words and command it is the only served container of this machine.
    ///
    /// - Parameters:
    ///   - words: the words of the command line.
    ///   - via: the command line of a command that connects to a server; nil for none.
    ///   - option: the option or the command, for the error.
    ///   - discovery: the search for processes.
    static func one(
        _ words: [String],
        via: String? = nil,
        _ option: String,
        in discovery: ProcessDiscovery = ProcessDiscovery()
    ) throws(UsageFault) -> AttachEndpoint {
        let endpoints = try self.all(words, via: via, option, in: discovery)
        guard let first = endpoints.first, endpoints.count == 1 else {
            let named = words.isEmpty ? "" : " are named '\(words.joined(separator: " "))'"
            let served = discovery.find().processes.filter { process in endpoints.contains(process.endpoint) }
            let list = served.map { "\($0.id) \($0.container ?? "-")" }.joined(separator: ", ")
            throw UsageFault(
                "\(option): \(endpoints.count) served containers\(named)\(list.isEmpty ? "" : ": \(list)"); give the number of one of them, which"
                    + " 'resmon ps' lists"
            )
        }
        return first
    }

    /// Returns the endpoints that `words` mean: without words and command, all served containers of this machine. There is at least one.
    static func all(
        _ words: [String],
        via: String? = nil,
        _ option: String,
        in discovery: ProcessDiscovery = ProcessDiscovery()
    ) throws(UsageFault) -> [AttachEndpoint] {
        let targets: [AttachTarget]
        do {
            targets = try AttachTarget.parse(words, via: via)
        } catch {
            throw UsageFault("\(option): \(error)")
        }
        guard !targets.isEmpty else {
            let found = discovery.find()
            guard !found.processes.isEmpty else {
                let reasons = found.problems.map { "; \($0)" }.joined()
                throw UsageFault(
                    "\(option): no process of this machine serves a container to this user: start a ResourceAttach in it, or run 'resmon demo' in"
                        + " another terminal; 'resmon ps' lists the served containers\(reasons)"
                )
            }
            return found.processes.map(\.endpoint)
        }
        var endpoints: [AttachEndpoint] = []
        for target in targets {
            do {
                for endpoint in try discovery.resolve(target) where !endpoints.contains(endpoint) { endpoints.append(endpoint) }
            } catch {
                throw UsageFault("\(option): \(error); 'resmon ps' lists the served containers")
            }
        }
        return endpoints
    }
}

/// The options for the way to a process.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A command that connects to a process, such as 'kubectl exec -i POD -- resmon dial'. It runs without a shell.",
            valueName: "command"
        )
    )
    var via: String?
}

extension CompletionKind {
    /// The names of the served containers when the shell requests them, and the numbers of their processes.
    static var processes: CompletionKind {
        .custom { _, _, _ in
            let processes = ProcessDiscovery().find().processes
            return processes.compactMap(\.container).uniqued() + processes.map(\.id)
        }
    }
}

extension [String] {
    /// The strings without repetitions, in their order.
    fileprivate func uniqued() -> [String] {
        var seen: Set<String> = []
        return self.filter { seen.insert($0).inserted }
    }
}

import ResourceAttachClient
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceFleet

/// The validated options of `resmon fleet`.
struct FleetPlan {
    /// Where the tables come from.
    enum Source: Sendable {
        case server(PrometheusAddress, match: String, FleetHeaders)
        case simulated(SimulatedFleet)
    }

    /// The task of the command.
    enum Task: Sendable {
        case print(FleetFile)
        case show(Source)
    }

    /// A file for the server, made of the table of columns.
    enum FleetFile: String, CaseIterable, Sendable {
        case rules
        case grafana

        var text: String {
            switch self {
            case .rules: FleetRules.text
            case .grafana: FleetDashboard.json
            }
        }
    }

    let task: Task
    let refresh: Duration
    let command: FleetCommandTemplate
    /// Returns the clock of the tables: the system's, or one that begins at a fixed time for a simulated fleet.
    let clock: @Sendable () -> WallClock
    /// The instant of a table that is printed, in seconds since 1970.
    let moment: Double

    /// The time at which a simulated fleet begins: 2026-01-01 12:00 UTC, in seconds since 1970.
    private static let simulatedStart: Int64 = 1_767_268_800
    private static let defaultRefresh = Duration.seconds(5)
    private static let defaultCount = 1000

    init(_ options: FleetCommand, at now: TimeSource.Instant = TimeSource.system.now) throws(UsageFault) {
        self.task = try Self.task(options)
        self.refresh =
            try options.refresh.map { text throws(UsageFault) in
                .seconds(try Self.number(text, "--refresh", 1...3600, "a whole number of seconds"))
            } ?? Self.defaultRefresh
        self.command = try options.command.map { text throws(UsageFault) in try Self.template(text) } ?? .standard
        if options.simulated {
            let clock = WallClock(originNanoseconds: Self.simulatedStart * 1_000_000_000 - now.nanoseconds)
            self.clock = { clock }
            self.moment = Double(Self.simulatedStart)
        } else {
            self.clock = { WallClock.here }
            self.moment = WallClock.here.unixSeconds(now)
        }
    }

    private static func task(_ options: FleetCommand) throws(UsageFault) -> Task {
        let ofServer = [
            options.prometheus.map { _ in "--prometheus" }, options.match.map { _ in "--match" },
            options.header.isEmpty ? nil : "--header", options.tokenFile.map { _ in "--token-file" },
        ]
        let ofSimulation = [
            options.simulated ? "--simulated" : nil, options.processes.map { _ in "--processes" }, options.seed.map { _ in "--seed" },
        ]
        if let print = options.print {
            if let option = (ofServer + ofSimulation).compactMap(\.self).first {
                throw UsageFault("--print needs no server, and \(option) has no effect: give --print alone")
            }
            return .print(try Choice.parse(print, "--print", "file for the server"))
        }
        guard options.simulated else {
            if let option = ofSimulation.compactMap(\.self).first {
                throw UsageFault("\(option) applies only to --simulated")
            }
            return .show(try Self.server(options))
        }
        if options.prometheus != nil { throw UsageFault("--prometheus and --simulated contradict each other: give one of them") }
        if let option = ofServer.compactMap(\.self).first { throw UsageFault("\(option) applies only to --prometheus") }
        let count = try options.processes.map { text throws(UsageFault) in
            try Self.number(text, "--processes", 1...100_000, "a whole number")
        }
        let seed = try options.seed.map { text throws(UsageFault) in try SeedArgument.parse("--seed", text) }
        return .show(.simulated(SimulatedFleet(count: count ?? Self.defaultCount, seed: seed ?? SimulationOptions.defaultSeed)))
    }

    private static func server(_ options: FleetCommand) throws(UsageFault) -> Source {
        guard let text = options.prometheus else {
            throw UsageFault("give the address of a server: --prometheus http://127.0.0.1:9090; --simulated needs none")
        }
        do {
            let address = try PrometheusAddress(text)
            return .server(
                address,
                match: options.match ?? "",
                try FleetHeaders(options.header, tokenFile: options.tokenFile)
            )
        } catch {
            if let fault = error as? UsageFault { throw fault }
            throw UsageFault("--prometheus: \(error)")
        }
    }

    private static func template(_ text: String) throws(UsageFault) -> FleetCommandTemplate {
        do {
            guard case .command(let words)? = try AttachTarget.parse([], via: text).first else { throw FleetFault("the command is empty") }
            return try FleetCommandTemplate(words)
        } catch {
            throw UsageFault("--command: \(error)")
        }
    }

    private static func number(_ text: String, _ option: String, _ range: ClosedRange<Int>, _ what: String) throws(UsageFault) -> Int {
        guard text.allSatisfy(\.isDigit), let number = Int(text), range.contains(number) else {
            throw UsageFault("\(option): '\(text)' is not accepted: give \(what) from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

import ResourceContainer
import ResourceMonitoring
import ResourceRecording
import ResourceSimulation

@testable import ResourceAttachClient

/// The lines that the server of a simulated container would send to one client, and the container's own monitor.
final class ServedStream {
    final class Part: Resource {}

    let simulation: Simulation
    let container: Container
    let monitor: ResourceMonitor
    private var pump: RecordingPump
    /// The open scopes. One that no code references is a finding.
    private var scopes: [Scope] = []

    /// The description of the process of a test.
    static func description(instance: String = "run-1", may: [String] = ["watch"], past: Int64? = nil) -> AttachDescription {
        AttachDescription(
            instance: instance,
            pid: 4711,
            uid: 1000,
            host: "web1",
            program: "Shop",
            started: Simulation.epochSeconds * 1_000_000_000,
            may: may,
            pastNanoseconds: past
        )
    }

    static func header(_ description: AttachDescription?) -> RecordingHeader {
        RecordingHeader(
            container: "",
            origin: "attached",
            clockOriginNanoseconds: Simulation.epochSeconds * 1_000_000_000,
            attach: description
        )
    }

    /// Creates a container with a binding, and a client's stream.
    init(_ description: AttachDescription? = ServedStream.description(), seed: UInt64 = 1) throws {
        self.simulation = Simulation(seed: seed)
        self.container = Container("shop", environment: self.simulation.environment)
        try self.container.bind(Part.self) { Part() }
        self.monitor = ResourceMonitor(self.container)
        self.pump = RecordingPump(self.container, header: Self.header(description))
    }

    var now: TimeSource.Instant { self.simulation.now }

    /// The header and the snapshot.
    func begin() throws -> [UInt8] {
        try self.pump.begin()
    }

    /// The stream of a further client, from the present state.
    func reconnect(_ description: AttachDescription? = ServedStream.description()) throws -> [UInt8] {
        self.pump = RecordingPump(self.container, header: Self.header(description))
        return try self.pump.begin()
    }

    /// Lets `milliseconds` pass, opens a scope with an instance, and returns the line of all that.
    func turn(after milliseconds: Int64 = 250) throws -> [UInt8] {
        self.simulation.run(for: .milliseconds(milliseconds))
        let container = self.container
        let scope = try self.simulation.run {
            let scope = try container.openScope("work")
            _ = try await scope.get(Part.self)
            return scope
        }
        self.scopes.append(scope)
        let pools = self.pump.isDue ? self.container.poolSamples() : nil
        return try self.pump.turn(pools: pools)
    }

    func beat(_ beat: AttachBeat = AttachBeat(lagNanoseconds: 1_000)) throws -> [UInt8] {
        try self.pump.beat(beat, at: self.now)
    }

    func answer(_ answer: AttachAnswer) throws -> [UInt8] {
        try self.pump.answer(answer, at: self.now)
    }

    func report() throws -> [UInt8] {
        try self.pump.report(self.monitor.report(), at: self.now)
    }

    func end(_ reason: String? = nil) throws -> [UInt8] {
        try self.pump.end(RecordingEnd(reason: reason))
    }
}

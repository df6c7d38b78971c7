import ResourceContainer

/// How much of a scenario's load runs, in percent: 100 as the scenario means it, 0 for none. Can be changed while it runs.
public final class ScenarioLoad: Sendable {
    /// The greatest load, in percent.
    public static let greatest = 1_000

    private struct State: Sendable {
        var percent = 100
        /// Fulfilled when there is a load again; there while there is none.
        var restart: Promise<Void>?
    }

    private let state = Lock(State())

    /// A full load.
    public init() {}

    public var percent: Int {
        self.state.withLock { $0.percent }
    }

    /// Changes the load, from the next piece of work on; it is brought into 0…``greatest``.
    public func set(_ percent: Int) {
        let restart = self.state.withLock { state in
            state.percent = min(max(0, percent), Self.greatest)
            guard state.percent > 0 else {
                if state.restart == nil { state.restart = Promise() }
                return nil as Promise<Void>?
            }
            defer { state.restart = nil }
            return state.restart
        }
        restart?.fulfil(())
    }

    /// The load, once there is one. Throws if the task is cancelled while there is none.
    public func atLeastSome() async throws -> Int {
        while true {
            let (percent, restart) = self.state.withLock { ($0.percent, $0.restart) }
            guard percent == 0, let restart else { return max(1, percent) }
            if await restart.wait() == nil { throw CancellationError() }
        }
    }
}

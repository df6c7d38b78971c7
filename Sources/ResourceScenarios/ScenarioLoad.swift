import ResourceContainer

/// The load of a scenario in percent of its normal load, from 0 to ``greatest``. It can be changed while the scenario runs.
public final class ScenarioLoad: Sendable {
    /// The largest load, in percent.
    public static let greatest = 1_000

    private struct State: Sendable {
        var percent = 100
        /// Fulfilled when the load becomes greater than 0; nil unless the load is 0.
        var restart: Promise<Void>?
    }

    private let state = Lock(State())

    /// Creates a load of 100 percent.
    public init() {}

    /// The current load, in percent.
    public var percent: Int {
        self.state.withLock { $0.percent }
    }

    /// Changes the load to `percent`, clamped to 0…``greatest``. It takes effect with the next unit of work.
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
        restart?.fulfill(())
    }

    /// Returns the current load once it is greater than 0.
    ///
    /// - Throws: `CancellationError` if the task is canceled while the load is 0.
    public func atLeastSome() async throws -> Int {
        while true {
            let (percent, restart) = self.state.withLock { ($0.percent, $0.restart) }
            guard percent == 0, let restart else { return max(1, percent) }
            if await restart.wait() == nil { throw CancellationError() }
        }
    }
}

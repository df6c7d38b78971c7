import ResourceContainer

/// Operations that a simulation runs at schedule points chosen by its seed. Schedule points lie between two critical sections of the code
/// under test, where nothing suspends and the seeded executor can therefore run no other job.
final class Interventions: Sendable {
    private struct State {
        var pending: [@Sendable () -> Void] = []
        var random: SeededRandom
        var isActing = false
        var points = 0
    }

    private let state: Lock<State>

    init(seed: UInt64) {
        self.state = Lock(State(random: SeededRandom(seed: seed)))
    }

    func add(_ act: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.pending.append(act) }
    }

    func removeAll() {
        let removed = self.state.withLock { state in
            defer { state.pending = [] }
            return state.pending
        }
        // Deinitializers of captured values must not run under the lock.
        withExtendedLifetime(removed) {}
    }

    /// The number of schedule points passed.
    var points: Int {
        self.state.withLock { $0.points }
    }

    /// Called at a schedule point; runs at most one pending operation, chosen by the seed.
    func pass() {
        let act: (@Sendable () -> Void)? = self.state.withLock { state in
            state.points += 1
            // An operation passes schedule points itself.
            guard !state.isActing, !state.pending.isEmpty, Int.random(in: 0..<4, using: &state.random) == 0 else { return nil }
            state.isActing = true
            return state.pending.remove(at: Int.random(in: 0..<state.pending.count, using: &state.random))
        }
        guard let act else { return }
        act()
        self.state.withLock { $0.isActing = false }
    }
}

import ResourceContainer

/// Acts that a simulation carries out at moments of its own choosing: between two critical sections of the code under test, where a seeded
/// executor alone never comes to run anything because nothing suspends there.
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
        // What the acts hold goes outside of the lock.
        withExtendedLifetime(removed) {}
    }

    /// How many schedule points were passed.
    var points: Int {
        self.state.withLock { $0.points }
    }

    /// The code under test is at a schedule point: perhaps one of the acts takes place.
    func pass() {
        let act: (@Sendable () -> Void)? = self.state.withLock { state in
            state.points += 1
            // An act passes schedule points itself.
            guard !state.isActing, !state.pending.isEmpty, Int.random(in: 0..<4, using: &state.random) == 0 else { return nil }
            state.isActing = true
            return state.pending.remove(at: Int.random(in: 0..<state.pending.count, using: &state.random))
        }
        guard let act else { return }
        act()
        self.state.withLock { $0.isActing = false }
    }
}

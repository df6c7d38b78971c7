/// The shared state of a task that closes scopes and the code that watches its deadlines.
///
/// A run begins on the caller's stack and schedules no deadline there, because a dispose that does not suspend cannot be interrupted. When
/// a dispose suspends, control returns to the caller, which marks the run as left and watches that dispose.
final class ClosingRun: Sendable {
    private struct State: Sendable {
        var isLeft = false
        var isSuperseded = false
        var disposal: Registry.Disposal?
        var stack: [Scope] = []
        var deadline: TimeSource.Deadline?
    }

    private let state = Lock(State())

    var isLeft: Bool {
        self.state.withLock { $0.isLeft }
    }

    /// The running dispose.
    var current: Registry.Disposal? {
        self.state.withLock { $0.disposal }
    }

    /// Whether another run has taken over the scopes.
    var isSuperseded: Bool {
        self.state.withLock { $0.isSuperseded }
    }

    /// Ends the run because the dispose of `handle` timed out. Returns the scopes that remain to be closed, or nil if that dispose has
    /// returned.
    func supersede(in handle: ResourceHandle) -> [Scope]? {
        self.state.withLock { state in
            guard state.disposal?.handle == handle else { return nil }
            state.isSuperseded = true
            return state.stack
        }
    }

    func leave() {
        self.state.withLock { $0.isLeft = true }
    }

    func begin(_ disposal: Registry.Disposal, _ stack: [Scope]) {
        self.state.withLock {
            $0.disposal = disposal
            $0.stack = stack
        }
    }

    func end() {
        let deadline = self.state.withLock { state in
            defer {
                state.disposal = nil
                state.deadline = nil
            }
            return state.deadline
        }
        deadline?.cancel()
    }

    /// Stores the caller's deadline for the running dispose. It is canceled when the dispose ends, or at once if it has ended.
    func keep(_ deadline: TimeSource.Deadline, for handle: ResourceHandle) {
        let obsolete = self.state.withLock { state in
            guard state.disposal?.handle == handle else { return deadline as TimeSource.Deadline? }
            defer { state.deadline = deadline }
            return state.deadline
        }
        obsolete?.cancel()
    }
}

/// What the run of a closing and those who watch over it tell each other.
///
/// The run begins on the caller's stack. Until it is left there - because something suspended - it registers no deadline: a dispose that
/// does not suspend cannot be interrupted anyway, and one that does is watched by the caller.
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

    /// What is being disposed.
    var current: Registry.Disposal? {
        self.state.withLock { $0.disposal }
    }

    /// Whether another run closes its scopes.
    var isSuperseded: Bool {
        self.state.withLock { $0.isSuperseded }
    }

    /// Ends the run in the dispose that it does not come back from. The scopes that are still to be closed; nil if it came back.
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

    /// Keeps the caller's deadline for the dispose it found under way, to be taken back when that ends; at once if it has.
    func keep(_ deadline: TimeSource.Deadline, for handle: ResourceHandle) {
        let obsolete = self.state.withLock { state in
            guard state.disposal?.handle == handle else { return deadline as TimeSource.Deadline? }
            defer { state.deadline = deadline }
            return state.deadline
        }
        obsolete?.cancel()
    }
}

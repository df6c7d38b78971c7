/// The work of a task that closes scopes: its context, and what it shares with the code that watches its deadlines.
///
/// A run begins on the caller's stack and schedules no deadline there, because a dispose that does not suspend cannot be interrupted. When
/// a dispose suspends, control returns to the caller, which marks the run as left and watches that dispose.
final class ClosingRun: ScopeContext, @unchecked Sendable {
    // Sendable because the added property is a lock, and those of the superclass never change.
    /// The kinds of a wait.
    enum Wait: Sendable {
        /// A dispose that may suspend: ``ClosingRun/disposal``.
        case dispose
        /// A step that runs elsewhere: ``ClosingRun/promise``.
        case promise
        /// Nothing: all scopes are closed, or another run has taken over.
        case over
    }

    /// The end of a step that runs elsewhere.
    enum Awaited: Sendable {
        /// The close of a nested scope by another run.
        case scope(Promise<DisposeReport>)
        case initialization(Registry.Initialized)
        case disposal(Promise<Void>)
    }

    private struct State: Sendable {
        /// Whether the caller does not watch the run, so that the run watches its disposes itself.
        var isLeft: Bool
        var isSuperseded = false
        var wait: Wait?
        /// The scopes to close, while the run waits.
        var stack: ScopeStack
        /// The first step, until the run begins.
        var first: Registry.ClosingStep?
        /// The running dispose.
        var disposal: Registry.Disposal?
        var promise: Awaited?
        var deadline: TimeSource.Deadline?
    }

    private let state: Lock<State>

    /// Creates a run that closes `scope`, whose caller watches it.
    ///
    /// - Parameter first: The first step; nil if it is not determined yet.
    init(of scope: Scope, from first: consuming Registry.ClosingStep?) {
        self.state = Lock(State(isLeft: false, stack: ScopeStack(scope), first: first))
        super.init(scope: scope, activity: .closing)
    }

    /// Creates a run that closes the scopes on `stack`, without a caller that watches it.
    init(of stack: ScopeStack) {
        self.state = Lock(State(isLeft: true, stack: stack))
        super.init(scope: stack.first, activity: .closing)
    }

    /// Whether the first steps are done.
    var hasBegun: Bool {
        self.state.withLock { $0.wait != nil }
    }

    /// The kind of the present wait. Read it after the first steps.
    var wait: Wait {
        self.state.withLock { $0.wait ?? .over }
    }

    /// The running dispose.
    var disposal: Registry.Disposal? {
        self.state.withLock { $0.disposal }
    }

    /// The end of the step elsewhere that the run waits for.
    var promise: Awaited? {
        self.state.withLock { $0.promise }
    }

    /// Begins the run, or continues it after a wait: the scopes to close, and the first step if this is the first call.
    func resume() -> (stack: ScopeStack, first: Registry.ClosingStep?) {
        let (stack, first, promise) = self.state.withLock { ($0.stack, $0.first.take(), $0.promise.take()) }
        // The promise may hold the last reference to an instance, which is released without the lock.
        withExtendedLifetime(promise) {}
        return (stack, first)
    }

    /// Waits for a step that runs elsewhere before it closes the scopes on `stack`.
    func wait(for promise: Awaited, _ stack: ScopeStack) {
        self.state.withLock { state in
            state.wait = .promise
            state.promise = promise
            state.stack = stack
        }
    }

    /// Waits for a dispose before it closes the scopes on `stack`. Returns whether the run is left, and has to watch the dispose itself.
    func begin(_ disposal: Registry.Disposal, _ stack: ScopeStack) -> Bool {
        self.state.withLock { state in
            state.wait = .dispose
            state.disposal = disposal
            state.stack = stack
            return state.isLeft
        }
    }

    /// Notes that the dispose has returned. Returns it with the scopes to close, which are nil if another run has taken over.
    func end() -> (disposal: Registry.Disposal, stack: ScopeStack?)? {
        let (ended, deadline) = self.state.withLock { state in
            defer {
                state.disposal = nil
                state.deadline = nil
            }
            if state.isSuperseded { state.wait = .over }
            return (state.disposal.map { ($0, state.isSuperseded ? nil : state.stack) }, state.deadline)
        }
        deadline?.cancel()
        return ended
    }

    /// Ends the run, because all scopes are closed.
    func finish() {
        self.state.withLock { $0.wait = .over }
    }

    /// Ends the run because the dispose of `handle` timed out. Returns the scopes that remain to be closed, or nil if that dispose has
    /// returned.
    func supersede(in handle: ResourceHandle) -> ScopeStack? {
        self.state.withLock { state in
            guard state.disposal?.handle == handle else { return nil }
            state.isSuperseded = true
            return state.stack
        }
    }

    /// Marks the run as left by its caller. Returns the running dispose, which the caller watches.
    func leave() -> Registry.Disposal? {
        self.state.withLock { state in
            state.isLeft = true
            return state.disposal
        }
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

/// The scopes that a run closes, each nested in the one before. A run without nested scopes allocates nothing for them.
struct ScopeStack: Sendable {
    /// The outermost scope.
    let first: Scope
    private var isFirstClosed = false
    private var nested: [Scope] = []

    init(_ scope: Scope) {
        self.first = scope
    }

    /// The innermost scope; nil after the outermost one is closed.
    var last: Scope? {
        self.nested.last ?? (self.isFirstClosed ? nil : self.first)
    }

    mutating func append(_ scope: Scope) {
        self.nested.append(scope)
    }

    /// Removes the innermost scope, which is closed.
    mutating func removeLast() {
        if self.nested.popLast() == nil { self.isFirstClosed = true }
    }
}

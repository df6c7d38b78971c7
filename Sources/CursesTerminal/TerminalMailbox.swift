import ResourceDashboard
import Synchronization

/// The exchange between the tasks of the program and the thread that owns the terminal.
final class TerminalMailbox: Sendable {
    /// A request to the thread. Every request is answered.
    enum Request {
        case draw(Canvas, CheckedContinuation<Duration, Never>)
        case redraw(CheckedContinuation<Void, Never>)
        case setMouse(Bool, CheckedContinuation<Void, Never>)
        case copy(String, CheckedContinuation<Void, Never>)
        case suspend(CheckedContinuation<Void, Never>)
        case close(CheckedContinuation<Void, Never>)
        case release(CheckedContinuation<Void, Never>)
    }

    private struct State {
        var requests: [Request] = []
        var events: [TerminalEvent] = []
        var capturedWaiting = 0
        var capturedLeftOut = 0
        var waiter: CheckedContinuation<[TerminalEvent], Never>?
        var hasEnded = false
        var size: Size
    }

    /// The largest number of captured lines that are queued. A program may print faster than the screen can show.
    private static let capturedLimit = 1000

    private let state: Mutex<State>
    private let wake: @Sendable () -> Void

    /// Creates a mailbox; `wake` wakes the thread.
    init(size: Size, wake: @escaping @Sendable () -> Void) {
        self.state = Mutex(State(size: size))
        self.wake = wake
    }

    var size: Size {
        get { self.state.withLock { $0.size } }
        set { self.state.withLock { $0.size = newValue } }
    }

    // MARK: Tasks

    /// Sends a request to the thread. Returns false if the thread has ended, in which case the request is not answered.
    func ask(_ request: Request) -> Bool {
        let isAccepted = self.state.withLock { state in
            if !state.hasEnded {
                state.requests.append(request)
                // Under the lock, because the thread closes the pipe only after it has set `hasEnded` under the lock.
                self.wake()
            }
            return !state.hasEnded
        }
        return isAccepted
    }

    func nextEvents() async -> [TerminalEvent] {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready: [TerminalEvent]? = self.state.withLock { state in
                    if state.events.isEmpty, !state.hasEnded, !Task.isCancelled {
                        state.waiter = continuation
                        return nil
                    }
                    return Self.takeEvents(&state)
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            let waiter = self.state.withLock { $0.waiter.take() }
            waiter?.resume(returning: [])
        }
    }

    // MARK: Thread

    /// Returns the pending requests.
    func takeRequests() -> [Request] {
        self.state.withLock { state in
            defer { state.requests.removeAll() }
            return state.requests
        }
    }

    /// Delivers events to the tasks.
    func post(_ events: [TerminalEvent]) {
        guard !events.isEmpty else { return }
        let (waiter, taken) = self.state.withLock { state in
            for event in events {
                if case .captured = event {
                    guard state.capturedWaiting < Self.capturedLimit else {
                        state.capturedLeftOut += 1
                        continue
                    }
                    state.capturedWaiting += 1
                }
                state.events.append(event)
            }
            let waiter = state.waiter.take()
            return (waiter, waiter == nil ? [] : Self.takeEvents(&state))
        }
        waiter?.resume(returning: taken)
    }

    /// Marks the end: there are no more events and no more answers. Returns the pending requests.
    func end() -> [Request] {
        let (waiter, requests) = self.state.withLock { state in
            state.hasEnded = true
            defer { state.requests.removeAll() }
            return (state.waiter.take(), state.requests)
        }
        waiter?.resume(returning: [])
        return requests
    }

    private static func takeEvents(_ state: inout State) -> [TerminalEvent] {
        var events = state.events
        if state.capturedLeftOut > 0 {
            events.append(.captured(line: "(\(state.capturedLeftOut) printed lines omitted)", isError: false))
        }
        state.events.removeAll()
        state.capturedWaiting = 0
        state.capturedLeftOut = 0
        return events
    }
}

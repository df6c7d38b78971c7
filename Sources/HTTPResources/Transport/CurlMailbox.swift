import LocalSockets
import ResourceContainer

/// A message of a client's tasks to its thread.
enum CurlCommand: Sendable {
    case start(CurlJob)
    /// The exchange with this number has ended.
    case end(UInt64)
    /// The exchange with this number can continue: the application has read or written.
    case resume(UInt64)
}

/// One request for the thread.
struct CurlJob: Sendable {
    let request: HTTPRequest
    let options: ExchangeOptions
    let exchange: Exchange
}

/// The commands for a client's thread, and what it reports. Besides them, tasks and the thread share the
/// exchange and the body of each job.
final class CurlMailbox: Sendable {
    private struct State: Sendable {
        var commands: [CurlCommand] = []
        var isClosed = false
        /// Whether the thread waits, or is about to, so that a command must wake it.
        var isWaiting = false
        var connections = HTTPConnectionSample()
    }

    private let state = Lock(State())
    /// Ends the wait of the thread.
    let waker: WakePipe
    /// Fulfilled when the thread has ended.
    let hasEnded = Promise<Void>()

    init(_ waker: WakePipe) {
        self.waker = waker
    }

    // MARK: Tasks

    /// Adds a command. Returns false if the mailbox is closed.
    @discardableResult
    func post(_ command: CurlCommand) -> Bool {
        let isWaiting = self.state.withLock { state -> Bool? in
            if state.isClosed { return nil }
            state.commands.append(command)
            defer { state.isWaiting = false }
            return state.isWaiting
        }
        guard let isWaiting else { return false }
        // A thread that does not wait takes the commands before it does.
        if isWaiting { self.waker.wake() }
        return true
    }

    /// Refuses further commands and makes the thread end.
    func close() {
        self.state.withLock { $0.isClosed = true }
        self.waker.wake()
    }

    /// The connections as the thread reported them last.
    var connections: HTTPConnectionSample {
        self.state.withLock { $0.connections }
    }

    // MARK: The thread

    func report(_ connections: HTTPConnectionSample) {
        self.state.withLock { $0.connections = connections }
    }

    /// Removes and returns the commands, and whether the thread must end.
    func take() -> (commands: [CurlCommand], isClosed: Bool) {
        self.state.withLock { state in
            defer { state.commands = [] }
            state.isWaiting = false
            return (state.commands, state.isClosed)
        }
    }

    /// Returns whether the thread may wait. Further commands then wake it.
    func beginWait() -> Bool {
        self.state.withLock { state in
            state.isWaiting = state.commands.isEmpty && !state.isClosed
            return state.isWaiting
        }
    }
}

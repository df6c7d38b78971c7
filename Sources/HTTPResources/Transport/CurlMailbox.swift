import CCurl
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

/// The commands for a client's thread, and what it reports. The only state that the thread shares.
final class CurlMailbox: Sendable {
    private struct State: Sendable {
        var commands: [CurlCommand] = []
        var isClosed = false
        /// The address of the thread's multi handle; 0 before it exists and after it is gone.
        var multi: UInt = 0
        var connections = HTTPConnectionSample()
    }

    private let state = Lock(State())
    /// Fulfilled when the thread has ended.
    let hasEnded = Promise<Void>()

    // MARK: Tasks

    /// Adds a command. Returns false if the mailbox is closed.
    @discardableResult
    func post(_ command: CurlCommand) -> Bool {
        self.state.withLock { state in
            if state.isClosed { return false }
            state.commands.append(command)
            // The thread takes all commands at once. The call is a write that does not block.
            if state.commands.count == 1, state.multi != 0 { ccurl_wakeup(state.multi) }
            return true
        }
    }

    /// Refuses further commands and makes the thread end.
    func close() {
        self.state.withLock { state in
            state.isClosed = true
            if state.multi != 0 { ccurl_wakeup(state.multi) }
        }
    }

    /// The connections as the thread reported them last.
    var connections: HTTPConnectionSample {
        self.state.withLock { $0.connections }
    }

    // MARK: The thread

    /// Sets the address of the multi handle that ``post(_:)`` wakes; 0 for none.
    func wakes(_ multi: UInt) {
        self.state.withLock { $0.multi = multi }
    }

    func report(_ connections: HTTPConnectionSample) {
        self.state.withLock { $0.connections = connections }
    }

    /// Removes and returns the commands, and whether the thread must end.
    func take() -> (commands: [CurlCommand], isClosed: Bool) {
        self.state.withLock { state in
            defer { state.commands = [] }
            return (state.commands, state.isClosed)
        }
    }
}

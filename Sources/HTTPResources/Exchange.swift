import Foundation
import ResourceContainer

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request on its way and the answer as it comes, between the task that waits and the session that works on it.
final class Exchange: Sendable {
    private struct State: Sendable {
        var transfer: Transfer
        var task: URLSessionTask?
    }

    private let state: Lock<State>
    /// How it ended; whoever comes first says so.
    let ending = Promise<Transfer.Ending>()

    init(maximumBodySize: Int) {
        self.state = Lock(State(transfer: Transfer(maximumBodySize: maximumBodySize)))
    }

    /// The session's task, from when it is made until it is complete.
    var task: URLSessionTask? {
        get { self.state.withLock { $0.task } }
        set { self.state.withLock { $0.task = newValue } }
    }

    /// Takes the head of the answer; false if no more is wanted.
    func receive(_ head: Transfer.Head) -> Bool {
        self.goesOn(self.state.withLock { $0.transfer.receive(head) })
    }

    /// Takes a part of the body; false if no more is wanted.
    func receive(_ part: Data) -> Bool {
        self.goesOn(self.state.withLock { $0.transfer.receive(part) })
    }

    func complete(_ error: (any Error)?) {
        self.ending.fulfil(self.state.withLock { $0.transfer.complete(error) })
    }

    private func goesOn(_ ending: Transfer.Ending?) -> Bool {
        if let ending { self.ending.fulfil(ending) }
        return self.ending.value == nil
    }
}

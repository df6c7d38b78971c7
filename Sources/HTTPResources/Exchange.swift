import Foundation
import ResourceContainer

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request in progress and its response, shared by the waiting task and the session.
final class Exchange: Sendable {
    private struct State: Sendable {
        var transfer: Transfer
        var task: URLSessionTask?
    }

    private let state: Lock<State>
    /// The result; the first one that is reported counts.
    let ending = Promise<Transfer.Ending>()

    init(maximumBodySize: Int) {
        self.state = Lock(State(transfer: Transfer(maximumBodySize: maximumBodySize)))
    }

    /// The session's task, from its creation until it completes.
    var task: URLSessionTask? {
        get { self.state.withLock { $0.task } }
        set { self.state.withLock { $0.task = newValue } }
    }

    /// Takes the head of the response. Returns false if no more data is needed.
    func receive(_ head: Transfer.Head) -> Bool {
        self.goesOn(self.state.withLock { $0.transfer.receive(head) })
    }

    /// Takes a part of the body. Returns false if no more data is needed.
    func receive(_ part: Data) -> Bool {
        self.goesOn(self.state.withLock { $0.transfer.receive(part) })
    }

    func complete(_ error: (any Error)?) {
        self.ending.fulfill(self.state.withLock { $0.transfer.complete(error) })
    }

    private func goesOn(_ ending: Transfer.Ending?) -> Bool {
        if let ending { self.ending.fulfill(ending) }
        return self.ending.value == nil
    }
}

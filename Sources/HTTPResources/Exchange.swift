import Foundation
import ResourceContainer

/// The result of an exchange.
enum ExchangeEnding: Sendable {
    /// The response is complete; the body is empty if it was passed on in chunks.
    case answered(HTTPHead, Data)
    case failed(HTTPFailure)
    /// The body of the request could not be read: the error of the file or of the application's sequence.
    case uploadFailed(any Error)
    case tooLarge
    case timedOut(TimeExcess)
    case closed
}

/// One request in progress and its response, shared by the waiting task and the transport.
final class Exchange: Sendable {
    /// The next step of the transport after a part of the body.
    enum Continuation {
        case goOn
        /// The application reads more slowly than the server sends: the transport offers the part again when it continues.
        case pause
        /// No more data is needed.
        case stop
    }

    private struct State: Sendable {
        var head: HTTPHead?
        var body = Data()
        var progress: TransferProgress
        /// The result; the first one that is reported counts.
        var ending: ExchangeEnding?
        /// The task that waits for the result.
        var waiter: UnsafeContinuation<ExchangeEnding?, Never>?
        /// Whether the waiting task was canceled, perhaps before it was recorded here.
        var isWaitCancelled = false

        mutating func takeWaiter() -> UnsafeContinuation<ExchangeEnding?, Never>? {
            defer { self.waiter = nil }
            return self.waiter
        }
    }

    /// The number by which the transport finds it.
    let number: UInt64
    /// Fulfilled when the head has arrived or the exchange has ended; nil if the body is collected.
    let headArrival: Promise<Void>?
    private let maximumBodySize: Int
    /// The body in chunks; nil if it is collected.
    private let channel: ByteChannel?
    private let time: TimeSource
    private let state: Lock<State>

    init(_ number: UInt64, _ options: ExchangeOptions, phase: HTTPError.Phase, _ time: TimeSource) {
        self.number = number
        self.time = time
        self.state = Lock(State(progress: TransferProgress(options.limits, phase: phase, at: time.now)))
        switch options.delivery {
        case .collect(let maximum):
            self.maximumBodySize = maximum
            self.channel = nil
            self.headArrival = nil
        case .stream(let ahead):
            self.maximumBodySize = .max
            self.channel = ByteChannel(bound: ahead)
            self.headArrival = Promise()
        }
    }

    // MARK: The transport

    /// Sets the function that continues the transport after ``Continuation/pause``.
    func whenTransportCanContinue(_ wake: @escaping @Sendable () -> Void) {
        self.channel?.whenThreadCanContinue(wake)
    }

    func enter(_ phase: HTTPError.Phase) {
        let now = self.time.now
        self.state.withLock { $0.progress.enter(phase, at: now) }
    }

    /// Records that bytes of these bodies were sent or received, or that the transport continues with them.
    func move(_ bodies: TransferBodies) {
        let now = self.time.now
        self.state.withLock { $0.progress.move(bodies, at: now) }
    }

    /// Records that the transport waits for the application.
    func hold(_ body: TransferBodies) {
        self.state.withLock { $0.progress.hold(body) }
    }

    /// Takes the head of the response. Returns false if no more data is needed.
    func receive(_ head: HTTPHead) -> Bool {
        let now = self.time.now
        let hasEnded = self.state.withLock { state in
            state.head = head
            state.progress.enter(.receiving, at: now)
            // libcurl does not read the rest of a body that the server refuses.
            if head.status >= 300 { state.progress.move(.request, at: now) }
            // The announced size is not trusted.
            if self.channel == nil, head.hasBody, let size = head.announcedSize { state.body.reserveCapacity(Int(min(size, 1 << 20))) }
            return state.ending != nil
        }
        let isTooLarge = self.channel == nil && head.hasBody && head.announcedSize.map { $0 > Int64(self.maximumBodySize) } ?? false
        if isTooLarge { self.finish(.tooLarge) }
        self.headArrival?.fulfill(())
        return !hasEnded && !isTooLarge
    }

    /// Takes a part of the body.
    func receive(_ part: UnsafeRawBufferPointer) -> Continuation {
        if let channel = self.channel {
            if self.hasEnded { return .stop }
            if channel.offer(part) {
                self.move(.response)
                return .goOn
            }
            self.hold(.response)
            return .pause
        }
        let now = self.time.now
        let fits = self.state.withLock { state -> Bool? in
            if state.ending != nil { return nil }
            state.progress.move(.response, at: now)
            guard part.count <= self.maximumBodySize - state.body.count else { return false }
            state.body.append(part.assumingMemoryBound(to: UInt8.self))
            return true
        }
        if fits == false { self.finish(.tooLarge) }
        return fits == true ? .goOn : .stop
    }

    /// Passes a chunk on, for a transport that can wait. Returns early if no more data is needed.
    func send(_ chunk: [UInt8]) async {
        try? await self.channel?.send(chunk)
    }

    /// Ends the exchange with the response that has arrived.
    func complete() {
        let (head, body) = self.state.withLock { state in
            defer { state.body = Data() }
            return (state.head, state.body)
        }
        guard let head else {
            self.finish(.failed(HTTPFailure(.connectionLost, phase: self.phase, "the response has no head")))
            return
        }
        self.finish(.answered(head, body))
    }

    /// Ends the exchange; the first call counts. Its channel then has no more chunks.
    func finish(_ ending: ExchangeEnding) {
        let (isFirst, waiter) = self.state.withLock { state -> (Bool, UnsafeContinuation<ExchangeEnding?, Never>?) in
            if state.ending != nil { return (false, nil) }
            state.ending = ending
            return (true, state.takeWaiter())
        }
        guard isFirst else { return }
        waiter?.resume(returning: ending)
        self.headArrival?.fulfill(())
        self.channel?.finish()
    }

    // MARK: The waiting task

    /// The result; nil until the exchange has ended.
    var ending: ExchangeEnding? {
        self.state.withLock { $0.ending }
    }

    var hasEnded: Bool {
        self.state.withLock { $0.ending != nil }
    }

    /// Returns the result once the exchange has ended; nil if the calling task is canceled first. One task may wait, once.
    ///
    /// A `Promise` would cost three times as much here: as a generic class of another module, it works with metadata at run time.
    func waitForEnding() async -> ExchangeEnding? {
        if let ending = self.ending { return ending }
        return await withTaskCancellationHandler {
            // Resumed once: by the code that took it out of the state, or here if it was never stored.
            await withUnsafeContinuation { (waiter: UnsafeContinuation<ExchangeEnding?, Never>) in
                let answer = self.state.withLock { state -> ExchangeEnding?? in
                    if state.ending != nil || state.isWaitCancelled { return .some(state.ending) }
                    precondition(state.waiter == nil, "two tasks wait for one exchange")
                    state.waiter = waiter
                    return nil
                }
                if let answer { waiter.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = self.state.withLock { state in
                state.isWaitCancelled = true
                return state.takeWaiter()
            }
            waiter?.resume(returning: nil)
        }
    }

    /// The head of the response; nil if it has not arrived.
    var head: HTTPHead? {
        self.state.withLock { $0.head }
    }

    var phase: HTTPError.Phase {
        self.state.withLock { $0.progress.phase }
    }

    /// The durations of its phases until now.
    var durations: HTTPObserver.Durations {
        let now = self.time.now
        return self.state.withLock { $0.progress.durations(at: now) }
    }

    /// The time limit that is exceeded; nil if there is none.
    func excess(at now: TimeSource.Instant) -> TimeExcess? {
        self.state.withLock { $0.progress.excess(at: now) }
    }

    /// When to look for an exceeded limit next; nil if there are no limits.
    func nextCheck(at now: TimeSource.Instant) -> TimeSource.Instant? {
        self.state.withLock { $0.progress.nextCheck(at: now) }
    }

    /// Returns the next chunk of a body that is not collected; nil once there are no more, and the exchange has ended.
    ///
    /// - Throws: `CancellationError` if the task is canceled.
    func nextChunk() async throws(CancellationError) -> [UInt8]? {
        try await self.channel?.next()
    }

    /// Discards the chunks that have not been read.
    func abandonBody() {
        self.channel?.abandon()
    }
}

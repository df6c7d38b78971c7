/// A value that is set once, and the tasks, threads and callbacks that wait for it.
///
/// The first ``fulfill(_:)`` wins. A waiter whose task is canceled leaves the queue at once and does not affect the others.
package final class Promise<Value: Sendable>: Sendable {
    private enum Waiter {
        case task(number: UInt64, CheckedContinuation<Value?, Never>)
        case thread(ThreadParker)
        case callback(@Sendable () -> Void)
    }

    private struct Box {
        /// Nil until the promise is fulfilled; never changes after that.
        var value: Value?
        /// The waiters in the order of their arrival; empty once the value is set.
        var waiters: [Waiter] = []
        var number: UInt64 = 0
        /// Waits that were canceled before their continuation was queued; each wait removes its own entry.
        var cancelledEarly: Set<UInt64> = []
    }

    private let box = Lock(Box())

    /// Creates an unfulfilled promise.
    package init() {}

    /// The value; nil until it is set.
    package var value: Value? {
        self.box.withLock { $0.value }
    }

    /// Sets the value and resumes the waiters in the order of their arrival. Returns false if the value was already set.
    @discardableResult
    package func fulfill(_ value: Value) -> Bool {
        let waiters: [Waiter]? = self.box.withLock { box in
            guard box.value == nil else { return nil }
            box.value = value
            defer { box.waiters = [] }
            return box.waiters
        }
        guard let waiters else { return false }
        for waiter in waiters {
            switch waiter {
            case .task(_, let continuation): continuation.resume(returning: value)
            case .thread(let parker): parker.unpark()
            case .callback(let call): call()
            }
        }
        return true
    }

    /// Returns the value once it is set; nil if the calling task is canceled first.
    package func wait() async -> Value? {
        if let value = self.value { return value }
        let number = self.box.withLock { box in
            box.number += 1
            return box.number
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Value?? = self.box.withLock { box in
                    if box.cancelledEarly.remove(number) != nil { return .some(nil) }
                    if let value = box.value { return .some(value) }
                    box.waiters.append(.task(number: number, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            self.leave(number)
        }
    }

    /// Returns the value once it is set. Ignores cancellation.
    package func waitThroughCancellation() async -> Value {
        if let value = self.value { return value }
        let value = await withCheckedContinuation { continuation in
            let value: Value? = self.box.withLock { box in
                if let value = box.value { return value }
                box.waiters.append(.task(number: 0, continuation))
                return nil
            }
            if let value { continuation.resume(returning: value) }
        }
        guard let value else { preconditionFailure("a wait that cannot be canceled ended without a value") }
        return value
    }

    /// Returns the value once it is set, and blocks the calling thread until then. For synchronous callers only.
    package func waitBlocking() -> Value {
        let parker = ThreadParker()
        let value: Value? = self.box.withLock { box in
            if let value = box.value { return value }
            box.waiters.append(.thread(parker))
            return nil
        }
        if let value { return value }
        parker.park()
        guard let value = self.value else { preconditionFailure("a thread was resumed without a value") }
        return value
    }

    /// Calls `call` once the value is set, on the thread that sets it; immediately if the value is already set.
    package func whenFulfilled(_ call: @escaping @Sendable () -> Void) {
        let isFulfilled = self.box.withLock { box in
            if box.value != nil { return true }
            box.waiters.append(.callback(call))
            return false
        }
        if isFulfilled { call() }
    }

    private func leave(_ number: UInt64) {
        let continuation: CheckedContinuation<Value?, Never>? = self.box.withLock { box in
            guard box.value == nil else { return nil }
            let index = box.waiters.firstIndex {
                if case .task(number, _) = $0 { return true }
                return false
            }
            guard let index, case .task(_, let continuation) = box.waiters.remove(at: index) else {
                // The cancellation handler ran before the continuation was queued: the wait finds this entry and does not queue.
                box.cancelledEarly.insert(number)
                return nil
            }
            return continuation
        }
        continuation?.resume(returning: nil)
    }
}

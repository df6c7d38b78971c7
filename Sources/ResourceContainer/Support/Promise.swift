/// A value that will be there once, and those who wait for it.
///
/// The first ``fulfil(_:)`` wins. A waiter that is cancelled leaves at once and without a trace; it takes nothing from the others.
package final class Promise<Value: Sendable>: Sendable {
    private enum Waiter {
        case task(number: UInt64, CheckedContinuation<Value?, Never>)
        case thread(ThreadParker)
        case callback(@Sendable () -> Void)
    }

    private struct Box {
        /// Nil until it is fulfilled; final then.
        var value: Value?
        /// Those who wait, in the order they came; none once there is a value.
        var waiters: [Waiter] = []
        var number: UInt64 = 0
        /// Waits that were cancelled before their continuation was queued; each entry is taken out by that wait.
        var cancelledEarly: Set<UInt64> = []
    }

    private let box = Lock(Box())

    package init() {}

    /// The value, if it is there.
    package var value: Value? {
        self.box.withLock { $0.value }
    }

    /// Sets the value and resumes those who wait, first come first; false if it was set before.
    @discardableResult
    package func fulfil(_ value: Value) -> Bool {
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

    /// The value as soon as it is there; nil if the calling task is cancelled before.
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

    /// The value as soon as it is there, whether the calling task is cancelled or not.
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
        guard let value else { preconditionFailure("a wait that nobody can cancel ended without a value") }
        return value
    }

    /// The value as soon as it is there; blocks the thread until then. Only for synchronous callers.
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

    /// Calls `call` once the value is there, on the thread that set it; at once if it is there already.
    package func whenFulfilled(_ call: @escaping @Sendable () -> Void) {
        let isThere = self.box.withLock { box in
            if box.value != nil { return true }
            box.waiters.append(.callback(call))
            return false
        }
        if isThere { call() }
    }

    private func leave(_ number: UInt64) {
        let continuation: CheckedContinuation<Value?, Never>? = self.box.withLock { box in
            guard box.value == nil else { return nil }
            let index = box.waiters.firstIndex {
                if case .task(number, _) = $0 { return true }
                return false
            }
            guard let index, case .task(_, let continuation) = box.waiters.remove(at: index) else {
                // The handler ran before the continuation was queued: the wait finds this and does not queue.
                box.cancelledEarly.insert(number)
                return nil
            }
            return continuation
        }
        continuation?.resume(returning: nil)
    }
}

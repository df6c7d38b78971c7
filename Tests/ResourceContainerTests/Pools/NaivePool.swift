@testable import ResourceContainer

/// What a pool must do, written down without any cleverness: arrays that are searched from the front.
struct NaivePool {
    struct Request: Equatable {
        let id: PoolRequests.ID
        var deadline: Int64
    }

    let maximum: Int
    let concurrency: Int
    var idle: [Int] = []
    /// By slot, the request or nil for one lent at once.
    var lent: [Int: PoolRequests.ID?] = [:]
    var making: [Int] = []
    var closing: [Int] = []
    var queue: [Request] = []
    /// Begun, not queued.
    var pending: [PoolRequests.ID: Int64] = [:]
    /// Ended, not collected.
    var ended: [PoolRequests.ID: Ending] = [:]
    var phase = PoolStateMachine.Phase.open
    var failures = 0
    var retryAt = Int64.min
    var made = 0
    var failed = 0
    var closed = 0
    var abandoned = 0
    var timedOut = 0

    enum Ending: Equatable {
        case granted(slot: Int)
        case cancelled, expired, refused
    }

    init(maximum: Int, concurrency: Int) {
        self.maximum = maximum
        self.concurrency = concurrency
    }

    /// What happens to an item that is new or returned.
    mutating func place(_ slot: Int) -> PoolStateMachine.Placement {
        if self.phase == .closed {
            self.closing.append(slot)
            return .close(slot: slot)
        }
        if self.queue.isEmpty {
            self.idle.append(slot)
            return .idle
        }
        let request = self.queue.removeFirst()
        self.lent[slot] = .some(request.id)
        self.ended[request.id] = .granted(slot: slot)
        return .handed(request.id)
    }

    var mayCreate: Bool {
        self.phase == .open && self.queue.count > self.making.count
            && self.idle.count + self.lent.count + self.making.count + self.closing.count < self.maximum
            && self.making.count < (self.failures > 0 ? 1 : self.concurrency)
    }
}

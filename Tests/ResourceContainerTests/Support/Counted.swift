import ResourceContainer

/// Counts the objects created with it that are not freed yet.
final class LiveCount: Sendable {
    private let count = Lock(0)

    var value: Int {
        self.count.withLock { $0 }
    }

    fileprivate func change(by amount: Int) {
        self.count.withLock { $0 += amount }
    }
}

/// An object that is counted until it is freed.
final class Counted: SyncResource {
    private let live: LiveCount

    init(_ live: LiveCount) {
        self.live = live
        live.change(by: 1)
    }

    deinit {
        self.live.change(by: -1)
    }
}

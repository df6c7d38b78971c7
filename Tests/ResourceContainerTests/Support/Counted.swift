import ResourceContainer

/// Counts the objects that were made by it and are not freed.
final class LiveCount: Sendable {
    private let count = Lock(0)

    var value: Int {
        self.count.withLock { $0 }
    }

    fileprivate func change(by amount: Int) {
        self.count.withLock { $0 += amount }
    }
}

/// An object that is counted as long as it is not freed.
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

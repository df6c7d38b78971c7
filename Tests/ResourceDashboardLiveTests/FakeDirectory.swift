import ResourceContainer
import ResourceDashboard

/// A directory of processes whose rows the test sets.
final class FakeDirectory: ProcessDirectory {
    private struct State: Sendable {
        var rows: [ProcessRow]
        var changes = 0
        var changed: Promise<Void> = Promise()
        var reconnected: [ProcessID] = []
        var asked: Promise<Void> = Promise()
    }

    private let sources: [ProcessID: FakeSource]
    private let state: Lock<State>

    init(_ rows: [ProcessRow], _ sources: [FakeSource]) {
        self.sources = Dictionary(uniqueKeysWithValues: sources.compactMap { source in source.process.map { ($0, source) } })
        self.state = Lock(State(rows: rows))
        for source in sources { source.join(self) }
    }

    /// The processes to which a connection was requested.
    var reconnected: [ProcessID] { self.state.withLock { $0.reconnected } }

    func set(_ rows: [ProcessRow]) {
        let changed = self.state.withLock { state in
            state.rows = rows
            state.changes += 1
            defer { state.changed = Promise() }
            return state.changed
        }
        changed.fulfill(())
    }

    func rows() -> [ProcessRow] {
        self.state.withLock { $0.rows }
    }

    func changes() -> AsyncStream<Void> {
        let seen = Lock(self.state.withLock { $0.changes })
        return AsyncStream {
            while true {
                let (changes, changed) = self.state.withLock { ($0.changes, $0.changed) }
                let isNew = seen.withLock { seen in
                    defer { seen = changes }
                    return seen != changes
                }
                if isNew { return () }
                guard await changed.wait() != nil else { return nil }
            }
        }
    }

    func source(of id: ProcessID) -> (any DashboardSource)? {
        self.sources[id]
    }

    func reconnectNow(_ id: ProcessID) {
        let asked = self.state.withLock { state in
            state.reconnected.append(id)
            return state.asked
        }
        asked.fulfill(())
    }

    /// Returns after a connection was requested.
    func reconnectRequested() async {
        _ = await self.state.withLock { $0.asked }.wait()
    }
}

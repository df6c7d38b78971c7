import ServiceLifecycle
import Synchronization

/// A client of a message queue, as another package could provide it: it has its own connections, which work while `run()` runs.
final class QueueClient: Service {
    struct Figures: Sendable {
        var opened = 0
        var open = 0
        var used = 0
        var waiting = 0
    }

    let limit: Int
    private let state = Mutex(Figures())

    init(limit: Int) {
        self.limit = limit
    }

    var figures: Figures {
        self.state.withLock { $0 }
    }

    /// Closes the connections when the program shuts down.
    func run() async throws {
        try? await gracefulShutdown()
        self.state.withLock { $0.open = 0 }
    }

    /// Publishes a message over a connection.
    func publish(_ message: String) async throws {
        try await self.takeConnection()
        defer { self.state.withLock { $0.used -= 1 } }
        try await Task.sleep(for: .milliseconds(Int64.random(in: 10...100)))
    }

    /// Waits until a connection is free.
    private func takeConnection() async throws {
        self.state.withLock { $0.waiting += 1 }
        defer { self.state.withLock { $0.waiting -= 1 } }
        while !self.takeFreeConnection() { try await Task.sleep(for: .milliseconds(5)) }
    }

    private func takeFreeConnection() -> Bool {
        self.state.withLock { figures in
            guard figures.used < self.limit else { return false }
            if figures.used == figures.open {
                figures.open += 1
                figures.opened += 1
            }
            figures.used += 1
            return true
        }
    }
}

@testable import ResourceContainer

/// Reads a container from user code, which reveals whether a lock is held there. Does not retain the container.
final class LockProbe: Sendable {
    private struct State {
        weak var container: Container?
        var reads = 0
    }

    private let state = Lock(State())

    func watch(_ container: Container) {
        self.state.withLock { $0.container = container }
    }

    /// The number of reads.
    var reads: Int {
        self.state.withLock { $0.reads }
    }

    /// Traps, or never returns, if the calling thread holds a lock that it must not hold.
    func read() {
        UserCode.begins()
        self.readFromKey()
    }

    /// The same for `==` and `hash(into:)` of a key, which run under one lock.
    func readFromKey() {
        #if DEBUG || SCHEDULE_POINTS
            precondition(LockDepth.current <= 1, "a key is compared under more than the lock of its pool")
        #endif
        let container = self.state.withLock { state in
            state.reads += 1
            return state.container
        }
        _ = container?.books()
    }
}

/// An error that reads the container when it is described and when it is freed.
final class ReadingError: Error, CustomStringConvertible {
    private let text: String
    private let probe: LockProbe

    init(_ text: String, _ probe: LockProbe) {
        self.text = text
        self.probe = probe
    }

    var description: String {
        self.probe.read()
        return self.text
    }

    deinit {
        self.probe.read()
    }
}

/// A key that reads the container when it is compared, hashed, and freed.
struct ReadingKey: Hashable, Sendable {
    let number: Int
    private let probe: LockProbe
    private let trace: Trace

    private final class Trace: Sendable {
        private let probe: LockProbe

        init(_ probe: LockProbe) {
            self.probe = probe
        }

        deinit {
            self.probe.read()
        }
    }

    init(_ number: Int, _ probe: LockProbe) {
        self.number = number
        self.probe = probe
        self.trace = Trace(probe)
    }

    static func == (left: ReadingKey, right: ReadingKey) -> Bool {
        left.probe.readFromKey()
        return left.number == right.number
    }

    func hash(into hasher: inout Hasher) {
        self.probe.readFromKey()
        // Few hash values force comparisons of keys.
        hasher.combine(self.number % 2)
    }
}

/// A value that reads the container when it is freed.
final class ReadingValue: Sendable {
    private let probe: LockProbe

    init(_ probe: LockProbe) {
        self.probe = probe
    }

    deinit {
        self.probe.read()
    }
}

@testable import ResourceContainer

/// Reads a container from user code, which reveals whether a lock is held there. Does not retain the container.
final class Nose: Sendable {
    private struct State {
        weak var container: Container?
        var looks = 0
        var mostLocks = 0
    }

    private let state = Lock(State())

    func watch(_ container: Container) {
        self.state.withLock { $0.container = container }
    }

    /// The number of reads.
    var looks: Int {
        self.state.withLock { $0.looks }
    }

    /// Traps, or never returns, if the calling thread holds a lock that it must not hold.
    func look() {
        UserCode.begins()
        self.lookFromKeys()
    }

    /// The same for `==` and `hash(into:)` of a key, which run under one lock.
    func lookFromKeys() {
        #if DEBUG || SCHEDULE_POINTS
            precondition(LockDepth.current <= 1, "a key is compared under more than the lock of its pool")
        #endif
        let container = self.state.withLock { state in
            state.looks += 1
            return state.container
        }
        _ = container?.books()
    }
}

/// An error that reads the container when it is described and when it is freed.
final class NosyError: Error, CustomStringConvertible {
    private let text: String
    private let nose: Nose

    init(_ text: String, _ nose: Nose) {
        self.text = text
        self.nose = nose
    }

    var description: String {
        self.nose.look()
        return self.text
    }

    deinit {
        self.nose.look()
    }
}

/// A key that reads the container when it is compared, hashed, and freed.
struct NosyKey: Hashable, Sendable {
    let number: Int
    private let nose: Nose
    private let trace: Trace

    private final class Trace: Sendable {
        private let nose: Nose

        init(_ nose: Nose) {
            self.nose = nose
        }

        deinit {
            self.nose.look()
        }
    }

    init(_ number: Int, _ nose: Nose) {
        self.number = number
        self.nose = nose
        self.trace = Trace(nose)
    }

    static func == (left: NosyKey, right: NosyKey) -> Bool {
        left.nose.lookFromKeys()
        return left.number == right.number
    }

    func hash(into hasher: inout Hasher) {
        self.nose.lookFromKeys()
        // Few hash values force comparisons of keys.
        hasher.combine(self.number % 2)
    }
}

/// A value that reads the container when it is freed.
final class NosyValue: Sendable {
    private let nose: Nose

    init(_ nose: Nose) {
        self.nose = nose
    }

    deinit {
        self.nose.look()
    }
}

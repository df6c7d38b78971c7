import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The floor of a scope with one resource: two objects, six pairs of lock and unlock, and four readings of the clock; of an asynchronous one,
/// also two tasks that start immediately and are awaited.
public final class ScopeFloor: Sendable {
    private let state = Mutex(0)

    /// Creates a floor.
    public init() {}

    /// An object, whose initialization and disposal cost nothing else.
    private final class Part: Sendable {
        let time: Int64

        init(_ time: Int64) {
            self.time = time
        }
    }

    /// The floor of a scope whose steps do not suspend.
    public func synchronous() -> AnyObject {
        let scope = Part(Self.now())
        self.step()
        self.step()
        let resource = Part(Self.now())
        self.step()
        self.step()
        _ = Self.now()
        self.step()
        self.step()
        return Self.now() > resource.time ? scope : resource
    }

    /// The floor of a scope whose resource is initialized and disposed asynchronously.
    public nonisolated(nonsending) func asynchronous() async -> AnyObject {
        let scope = Part(Self.now())
        self.step()
        self.step()
        let resource = await Task.immediate { Part(Self.now()) }.value
        self.step()
        self.step()
        _ = Self.now()
        await Task.immediate {}.value
        self.step()
        self.step()
        return Self.now() > resource.time ? scope : resource
    }

    private func step() {
        self.state.withLock { $0 &+= 1 }
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

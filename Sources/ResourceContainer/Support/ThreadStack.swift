#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The remaining stack space of the calling thread, for code that nests without suspending and uses stack for each level.
enum ThreadStack {
    /// The space that one more level, including its user code, needs; at most half of a small stack. The bookkeeping of one level takes up to
    /// 30 kB in a debug build.
    private static let reserve: UInt = 128 << 10

    /// The address range of a thread's stack, and the limit below which it counts as nearly used up. Stored once per thread and freed with
    /// it.
    private struct Bounds {
        let low: UInt
        let high: UInt

        var size: UInt {
            self.high - self.low
        }

        var limit: UInt {
            self.low + min(ThreadStack.reserve, self.size / 2)
        }
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        // A plain value: freeing its memory is the only cleanup.
        let fault = pthread_key_create(&key) { free($0) }
        precondition(fault == 0, "no thread-specific key is available")
        return key
    }()

    /// Whether one more level could overflow the stack. A few nanoseconds, except for the first call on a thread.
    static var isNearlyUsedUp: Bool {
        var here: UInt8 = 0
        let address = withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) }
        guard let bounds = Self.bounds else { return false }
        // A separate stack, such as a fiber's, has unknown bounds.
        return address >= bounds.low && address < bounds.limit
    }

    /// The reason for refusing one more level, as part of a sentence.
    static var usedUp: String {
        "the \(self.bounds.map { "\($0.size >> 10) kB " } ?? "")stack of this thread is nearly used up"
    }

    private static var bounds: Bounds? {
        if let known = pthread_getspecific(Self.key) { return known.load(as: Bounds.self) }
        guard let bounds = Self.queryBounds() else { return nil }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: MemoryLayout<Bounds>.size, alignment: MemoryLayout<Bounds>.alignment)
        memory.storeBytes(of: bounds, as: Bounds.self)
        if pthread_setspecific(Self.key, memory) != 0 { free(memory) }
        return bounds
    }

    /// Queries the system; nil if the bounds are unknown.
    private static func queryBounds() -> Bounds? {
        #if canImport(Darwin)
            let high = UInt(bitPattern: pthread_get_stackaddr_np(pthread_self()))
            let size = UInt(pthread_get_stacksize_np(pthread_self()))
            return size > 0 && size < high ? Bounds(low: high - size, high: high) : nil
        #else
            var attributes = pthread_attr_t()
            guard getAttributes(pthread_self(), &attributes) == 0 else { return nil }
            defer { pthread_attr_destroy(&attributes) }
            var (low, size) = (nil as UnsafeMutableRawPointer?, 0)
            guard pthread_attr_getstack(&attributes, &low, &size) == 0, let low, size > 0 else { return nil }
            let (high, overflow) = UInt(bitPattern: low).addingReportingOverflow(UInt(size))
            return overflow ? nil : Bounds(low: UInt(bitPattern: low), high: high)
        #endif
    }
}

#if !canImport(Darwin)
    /// The C library declares this function only for C code that enables GNU extensions. Swift and C pass its two pointer arguments and its
    /// result alike.
    @_silgen_name("pthread_getattr_np")
    private func getAttributes(_ thread: pthread_t, _ attributes: UnsafeMutablePointer<pthread_attr_t>) -> CInt
#endif

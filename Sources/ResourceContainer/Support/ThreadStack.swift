#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How much of the calling thread's stack is left, for what nests without suspending: each level of it takes a piece.
enum ThreadStack {
    /// What must be left for one level more, with the code of users in it: of a small stack a quarter.
    private static let reserve: UInt = 128 << 10

    /// The addresses between which a thread's stack lies, and the one below which it is nearly used up. Made once for each thread, and
    /// freed with it.
    private struct Bounds {
        let low: UInt
        let high: UInt

        var size: UInt {
            self.high - self.low
        }

        var limit: UInt {
            self.low + min(ThreadStack.reserve, self.size / 4)
        }
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        // A thread's bounds are a plain value: freeing their memory is all there is to do.
        let fault = pthread_key_create(&key) { free($0) }
        precondition(fault == 0, "there is no room for one more value of a thread")
        return key
    }()

    /// Whether one level more could end the process. A few nanoseconds, but for a thread's first time.
    static var isNearlyUsedUp: Bool {
        var here: UInt8 = 0
        let address = withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) }
        guard let bounds = Self.bounds else { return false }
        // A stack that is not the thread's own, as a fiber's, has bounds that nobody knows.
        return address >= bounds.low && address < bounds.limit
    }

    /// The reason to refuse one level more, as a part of a sentence.
    static var usedUp: String {
        "the \(self.bounds.map { "\($0.size >> 10) kB " } ?? "")stack of this thread is nearly used up"
    }

    private static var bounds: Bounds? {
        if let known = pthread_getspecific(Self.key) { return known.load(as: Bounds.self) }
        guard let bounds = Self.ask() else { return nil }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: MemoryLayout<Bounds>.size, alignment: MemoryLayout<Bounds>.alignment)
        memory.storeBytes(of: bounds, as: Bounds.self)
        if pthread_setspecific(Self.key, memory) != 0 { free(memory) }
        return bounds
    }

    /// Asks the system; nil if it does not know.
    private static func ask() -> Bounds? {
        #if canImport(Darwin)
            let high = UInt(bitPattern: pthread_get_stackaddr_np(pthread_self()))
            let size = UInt(pthread_get_stacksize_np(pthread_self()))
            return size > 0 && size < high ? Bounds(low: high - size, high: high) : nil
        #else
            var attributes = pthread_attr_t()
            guard askAttributes(pthread_self(), &attributes) == 0 else { return nil }
            defer { pthread_attr_destroy(&attributes) }
            var (low, size) = (nil as UnsafeMutableRawPointer?, 0)
            guard pthread_attr_getstack(&attributes, &low, &size) == 0, let low, size > 0 else { return nil }
            let (high, overflow) = UInt(bitPattern: low).addingReportingOverflow(UInt(size))
            return overflow ? nil : Bounds(low: UInt(bitPattern: low), high: high)
        #endif
    }
}

#if !canImport(Darwin)
    /// The C library has this function, and shows it only to programs in C that ask for GNU's extensions. Two words in and one out are passed
    /// alike in both languages.
    @_silgen_name("pthread_getattr_np")
    private func askAttributes(_ thread: pthread_t, _ attributes: UnsafeMutablePointer<pthread_attr_t>) -> CInt
#endif

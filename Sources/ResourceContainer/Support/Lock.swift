#if PTHREAD_LOCK
    #if canImport(Glibc)
        public import Glibc
    #elseif canImport(Musl)
        public import Musl
    #else
        public import Darwin
    #endif

    /// The one lock of the library, as the thread sanitizer understands it: a value and a pthread mutex that guards it.
    ///
    /// Built with `PTHREAD_LOCK`, which only sanitizer builds set. The sanitizer does not see the futex inside `Mutex` and would report
    /// races where there are none.
    public final class Lock<State: ~Copyable>: @unchecked Sendable {
        // Sendable because `state` is only touched between locking and unlocking `mutex`, whose address never changes.
        @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
        @usableFromInline var state: State

        /// A lock around `state`.
        public init(_ state: consuming sending State) {
            self.state = state
            self.mutex = .allocate(capacity: 1)
            pthread_mutex_init(self.mutex, nil)
        }

        deinit {
            pthread_mutex_destroy(self.mutex)
            self.mutex.deallocate()
        }

        /// Runs `body` with exclusive access to the state. Not reentrant.
        @inlinable
        public func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending State) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            pthread_mutex_lock(self.mutex)
            defer { pthread_mutex_unlock(self.mutex) }
            #if DEBUG || SCHEDULE_POINTS
                LockDepth.enter()
                defer { LockDepth.leave() }
            #endif
            return try body(&self.state)
        }
    }
#else
    public import Synchronization

    /// The one lock of the library: a value and the mutex that guards it.
    ///
    /// Everything that needs mutual exclusion goes through this type, so that another implementation - one the thread sanitizer
    /// understands - can be put in its place at build time. Never call code of a user's inside ``withLock(_:)``, and let go of no value of
    /// a user's there: see `UserCode`, which debug builds hold everybody to.
    public struct Lock<State: ~Copyable>: ~Copyable, Sendable {
        @usableFromInline
        let mutex: Mutex<State>

        /// A lock around `state`.
        @inlinable
        public init(_ state: consuming sending State) {
            self.mutex = Mutex(state)
        }

        /// Runs `body` with exclusive access to the state. Not reentrant. O(1), about 17 ns uncontended.
        @inlinable
        @inline(__always)
        public borrowing func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending State) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            #if DEBUG || SCHEDULE_POINTS
                LockDepth.enter()
                defer { LockDepth.leave() }
            #endif
            return try self.mutex.withLock(body)
        }
    }
#endif

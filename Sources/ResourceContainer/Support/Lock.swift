#if PTHREAD_LOCK
    #if canImport(Glibc)
        public import Glibc
    #elseif canImport(Musl)
        public import Musl
    #else
        public import Darwin
    #endif

    /// The library's lock in sanitizer builds: a value and the pthread mutex that guards it.
    ///
    /// Selected by `PTHREAD_LOCK`, which only thread sanitizer builds set: the sanitizer does not see the futex inside `Mutex` and would
    /// report false races.
    @usableFromInline
    package final class Lock<State: ~Copyable>: @unchecked Sendable {
        // Sendable because `state` is only accessed while `mutex`, whose address never changes, is held.
        @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
        @usableFromInline var state: State

        /// Creates a lock that guards `state`.
        package init(_ state: consuming sending State) {
            self.state = state
            self.mutex = .allocate(capacity: 1)
            pthread_mutex_init(self.mutex, nil)
        }

        deinit {
            pthread_mutex_destroy(self.mutex)
            self.mutex.deallocate()
        }

        /// Runs `body` with exclusive access to the state. Not reentrant. Do not call user code inside `body`.
        @inlinable
        package func withLock<Result: ~Copyable, Failure: Error>(
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

    /// The library's lock: a value and the mutex that guards it.
    ///
    /// All mutual exclusion uses this type, so that sanitizer builds can replace the implementation. Inside ``withLock(_:)``, never call
    /// user code and never release the last reference to a user's value. Debug builds enforce the first rule: see `UserCode`.
    @usableFromInline
    package struct Lock<State: ~Copyable>: ~Copyable, Sendable {
        @usableFromInline
        let mutex: Mutex<State>

        /// Creates a lock that guards `state`.
        @inlinable
        package init(_ state: consuming sending State) {
            self.mutex = Mutex(state)
        }

        /// Runs `body` with exclusive access to the state. Not reentrant. Do not call user code inside `body`. O(1), about 17 ns
        /// uncontended.
        @inlinable
        @inline(__always)
        package borrowing func withLock<Result: ~Copyable, Failure: Error>(
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

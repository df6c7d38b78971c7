#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The boundary to user code: closures, hooks, conformances and descriptions that the application supplies.
///
/// User code may do anything, including calling the container that calls it. The library therefore holds none of its locks while it calls
/// user code or releases the last reference to a user's value, whose deinitializer is user code too. Every call site calls ``begins()``
/// immediately before. Debug builds count the locks that a thread holds (``Lock``) and trap in ``begins()`` if there is one.
///
/// The environment, that is the clock, executor and randomness, is part of the library and may be used under a lock; it must not call back.
///
/// One exception: `==` and `hash(into:)` of the keys of a ``KeyedResourcePool`` run under the lock of that pool's keys, and no other.
@usableFromInline
package enum UserCode {
    /// Call immediately before user code. Traps in debug builds if the calling thread holds a lock of the library.
    @inlinable
    @inline(__always)
    package static func begins() {
        #if DEBUG || SCHEDULE_POINTS
            precondition(LockDepth.current == 0, "user code is called while a library lock is held")
        #endif
    }

    /// Returns the description of a user's error as one redacted line of limited length. Call once per error and keep the result.
    package static func text(of error: any Error) -> String {
        Self.begins()
        return String(describing: error).asSentence
    }
}

/// A user's error with its description, which is computed once.
struct UserError: Sendable {
    let error: any Error
    let text: String

    init(_ error: any Error) {
        self.error = error
        self.text = UserCode.text(of: error)
    }
}

#if DEBUG || SCHEDULE_POINTS
    /// The number of library locks that the calling thread holds.
    @usableFromInline
    package enum LockDepth {
        /// The thread-specific value is the count itself, stored in place of a pointer.
        private static let key: pthread_key_t = {
            var key = pthread_key_t()
            let fault = pthread_key_create(&key, nil)
            precondition(fault == 0, "no thread-specific key is available")
            return key
        }()

        @usableFromInline
        package static var current: Int {
            Int(bitPattern: pthread_getspecific(Self.key))
        }

        @usableFromInline
        static func enter() {
            pthread_setspecific(Self.key, UnsafeRawPointer(bitPattern: Self.current + 1))
        }

        @usableFromInline
        static func leave() {
            pthread_setspecific(Self.key, UnsafeRawPointer(bitPattern: Self.current - 1))
        }
    }
#endif

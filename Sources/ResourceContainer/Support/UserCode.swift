#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The door to code that is not the library's: closures, hooks, conformances and descriptions of its users.
///
/// Such code may do anything, and most of all it may ask the container it is called by. So no lock of the library is held when it is
/// called, nor when the last reference to a user's value goes: a deinitializer is such code too. Whatever calls it comes by
/// ``begins()`` right before. Debug builds count the locks that a thread holds (``Lock``), and trap there if it is not none.
///
/// The environment - clock, executor, randomness - is part of the library's machinery and may be asked anywhere; it must not call back.
///
/// One exception: `==` and `hash(into:)` of the keys of a ``KeyedResourcePool`` run under the lock of that pool's keys, and no other.
@usableFromInline
package enum UserCode {
    /// To be called right before code of a user's.
    @inlinable
    @inline(__always)
    package static func begins() {
        #if DEBUG || SCHEDULE_POINTS
            precondition(LockDepth.current == 0, "code of a user's is called under a lock of the library")
        #endif
    }

    /// What an error of a user's says, in one line that is neither long nor dangerous. Ask once for each error, and keep the answer.
    package static func text(of error: any Error) -> String {
        Self.begins()
        return String(describing: error).asSentence
    }
}

/// An error of a user's and what it says, which was asked once.
struct UserError: Sendable {
    let error: any Error
    let text: String

    init(_ error: any Error) {
        self.error = error
        self.text = UserCode.text(of: error)
    }
}

#if DEBUG || SCHEDULE_POINTS
    /// How many locks of the library the calling thread holds.
    @usableFromInline
    package enum LockDepth {
        /// The number itself stands in place of the pointer that a key of a thread is for.
        private static let key: pthread_key_t = {
            var key = pthread_key_t()
            let fault = pthread_key_create(&key, nil)
            precondition(fault == 0, "there is no room for one more value of a thread")
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

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Blocks one thread until another unparks it, or until an instant of the system's monotonic clock.
final class ThreadParker: @unchecked Sendable {
    // Sendable because the pointers never change, their memory is only accessed through pthread functions, and `isUnparked` is only
    // accessed with `mutex` held.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isUnparked = false

    init() {
        pthread_mutex_init(self.mutex, nil)
        #if canImport(Darwin)
            pthread_cond_init(self.condition, nil)
        #else
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(self.condition, &attributes)
            pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(self.condition)
        pthread_mutex_destroy(self.mutex)
        self.condition.deallocate()
        self.mutex.deallocate()
    }

    /// Blocks until ``unpark()``; returns at once if it was called since the last park ended.
    func park() {
        pthread_mutex_lock(self.mutex)
        while !self.isUnparked { pthread_cond_wait(self.condition, self.mutex) }
        self.isUnparked = false
        pthread_mutex_unlock(self.mutex)
    }

    /// Blocks like ``park()``, at most until `instant` of the system's clock. Returns false if the time expired.
    func park(until instant: TimeSource.Instant) -> Bool {
        if instant == .never {
            self.park()
            return true
        }
        pthread_mutex_lock(self.mutex)
        defer { pthread_mutex_unlock(self.mutex) }
        while !self.isUnparked {
            guard self.sleep(until: instant) else { break }
        }
        defer { self.isUnparked = false }
        return self.isUnparked
    }

    /// Ends the current park, or the next one if no thread is parked. May be called from any thread.
    func unpark() {
        pthread_mutex_lock(self.mutex)
        self.isUnparked = true
        pthread_cond_signal(self.condition)
        pthread_mutex_unlock(self.mutex)
    }

    /// Waits once, with possible spurious wakeups. Returns false if `instant` has passed.
    private func sleep(until instant: TimeSource.Instant) -> Bool {
        #if canImport(Darwin)
            let rest = max(0, instant.nanoseconds) - TimeSource.systemNow().nanoseconds
            if rest <= 0 { return false }
            // At most an hour, because the system refuses very long times. The next call detects that `instant` has passed.
            let pause = min(rest, 3_600_000_000_000)
            var time = timespec(tv_sec: Int(pause / 1_000_000_000), tv_nsec: Int(pause % 1_000_000_000))
            pthread_cond_timedwait_relative_np(self.condition, self.mutex, &time)
            return true
        #else
            let nanoseconds = max(0, instant.nanoseconds)
            var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
            return pthread_cond_timedwait(self.condition, self.mutex, &time) == 0
        #endif
    }
}

extension TimeSource.Instant {
    /// An instant that is never reached.
    static let never = TimeSource.Instant(nanoseconds: .max)
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Lets one thread sleep until another wakes it, or until a moment of the system's monotonic clock.
final class ThreadParker: @unchecked Sendable {
    // Sendable because the pointers never change and what they point to is only touched through the pthread functions, which
    // order all access; `isUnparked` is read and written with `mutex` held.
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

    /// Sleeps until ``unpark()``; returns at once if that was called since the last sleep ended.
    func park() {
        pthread_mutex_lock(self.mutex)
        while !self.isUnparked { pthread_cond_wait(self.condition, self.mutex) }
        self.isUnparked = false
        pthread_mutex_unlock(self.mutex)
    }

    /// ``park()`` that ends at `instant` of the system's clock at the latest. False if it ended because of that.
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

    func unpark() {
        pthread_mutex_lock(self.mutex)
        self.isUnparked = true
        pthread_cond_signal(self.condition)
        pthread_mutex_unlock(self.mutex)
    }

    /// One sleep, which may end for no reason. False if the moment has come.
    private func sleep(until instant: TimeSource.Instant) -> Bool {
        #if canImport(Darwin)
            let pause = instant.nanoseconds - TimeSource.systemNow().nanoseconds
            if pause <= 0 { return false }
            var time = timespec(tv_sec: Int(pause / 1_000_000_000), tv_nsec: Int(pause % 1_000_000_000))
            return pthread_cond_timedwait_relative_np(self.condition, self.mutex, &time) == 0
        #else
            let nanoseconds = max(0, instant.nanoseconds)
            var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
            return pthread_cond_timedwait(self.condition, self.mutex, &time) == 0
        #endif
    }
}

extension TimeSource.Instant {
    /// A moment that does not come.
    static let never = TimeSource.Instant(nanoseconds: .max)
}

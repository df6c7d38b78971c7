/// Back-off for singletons that fail to initialize. A request during a pause fails at once with the last error.
///
/// The next request after a first failure tries again immediately. Each further failure in a row starts a pause that doubles. After a
/// thrown error the pause grows from 10 milliseconds to 5 seconds, as in a pool. After a timeout it grows from the initialize timeout to
/// one minute, because the attempt may still hang and hold resources. A success ends the pause, and so does the late return of an attempt
/// that timed out.
extension Registry {
    /// A singleton whose last initialization failed.
    struct Failing: Sendable {
        /// The number of failures in a row.
        var failures = 0
        /// The earliest instant of the next attempt.
        var retryAt = TimeSource.Instant(nanoseconds: .min)
        var error: ResourceError
    }

    /// The pause after the second failure in a row, and the longest pause.
    private static let afterThrow = (shortest: Duration.milliseconds(10), longest: Duration.seconds(5))
    private static let longestAfterHang = Duration.seconds(60)

    /// Counts a failed initialization of the instance in `row`, if it is a singleton of the root scope.
    mutating func noteFailure(of row: Int, _ error: ResourceError, hangs: Bool, at now: TimeSource.Instant) {
        let binding = self.resources[row].binding
        guard binding.lifetime == .singleton, self.scopes[self.resources[row].scope].id == .root else { return }
        guard error.code == .initializationFailed || error.code == .initializationTimedOut else { return }
        // The failure comes from a dependency that was not tried, so it is no new evidence.
        guard !error.isHeldBackBelow else { return }
        var failing = self.failing[binding.word] ?? Failing(error: error)
        self.deferredReleases.add(boxed: failing.error)
        failing.error = error
        failing.failures += 1
        if failing.failures > 1 {
            let doublings = min(failing.failures - 2, 16)
            var pause = min(Self.afterThrow.longest, Self.afterThrow.shortest * (1 << doublings))
            if hangs {
                let budget = min(Self.longestAfterHang, binding.options.initializeTimeout)
                pause = max(pause, min(Self.longestAfterHang, budget * (1 << doublings)))
            }
            failing.retryAt = now + pause
        }
        self.failing[binding.word] = failing
    }

    /// The error of a request for a singleton during its pause. Nil if an attempt is allowed.
    func heldBack(_ binding: Binding, in owner: Scope, at now: TimeSource.Instant) -> ResourceError? {
        guard !self.failing.isEmpty, owner.id == .root, let failing = self.failing[binding.word], now < failing.retryAt else { return nil }
        var error = ResourceError(
            failing.error.code,
            key: binding.label,
            scope: owner.name,
            underlying: failing.error.underlying,
            reason: failing.error.reason,
            "creating \(binding.label) (bound at \(binding.location)) failed \(failing.failures) times in a row and is not retried for "
                + "\((failing.retryAt - now).brief); last error: \(failing.error.reason)"
        )
        error.isHeldBack = true
        return error
    }

    /// Ends the pause because an abandoned attempt returned, so the service it waited for responds again.
    mutating func tryAgain(_ word: UInt, at now: TimeSource.Instant) {
        if self.failing[word] != nil { self.failing[word]?.retryAt = now }
    }

    mutating func forgetFailures(of word: UInt) {
        if let failing = self.failing.removeValue(forKey: word) { self.deferredReleases.add(boxed: failing.error) }
    }
}

extension ResourceError {
    /// Whether this error or one of its causes is a request that was rejected during a pause.
    fileprivate var isHeldBackBelow: Bool {
        var error: ResourceError? = self
        while let here = error {
            if here.isHeldBack { return true }
            error = here.underlying as? ResourceError
        }
        return false
    }
}

/// Singletons that cannot be made are not tried by every request: a request in between is told at once what the last attempt died of.
///
/// The first failure holds nobody back, so that the next request tries again. From the second in a row on there is a pause after each, which
/// doubles: from 10 milliseconds to 5 seconds after a throw, as in a pool; after an attempt that hung, which may hang on and hold what it
/// holds, from its budget to a minute. A success ends it, and so does a hung attempt that comes back after all.
extension Registry {
    /// A singleton whose making failed last.
    struct Failing: Sendable {
        /// How often in a row.
        var failures = 0
        /// Nothing is begun before this moment.
        var retryAt = TimeSource.Instant(nanoseconds: .min)
        var error: ResourceError
    }

    /// The pauses after the second failure in a row, and the longest there are.
    private static let afterThrow = (shortest: Duration.milliseconds(10), longest: Duration.seconds(5))
    private static let longestAfterHang = Duration.seconds(60)

    /// Counts a failure to make the instance in `row`, if it is a singleton of the root.
    mutating func noteFailure(of row: Int, _ error: ResourceError, hangs: Bool, at now: TimeSource.Instant) {
        let binding = self.resources[row].binding
        guard binding.lifetime == .singleton, self.scopes[self.resources[row].scope].id == .root else { return }
        guard error.code == .initialisationFailed || error.code == .initialisationTimedOut else { return }
        // What it needs was not even tried: that says nothing new of it.
        guard !error.isHeldBackBelow else { return }
        var failing = self.failing[binding.word] ?? Failing(error: error)
        self.leavings.add(boxed: failing.error)
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

    /// What a request for a singleton is told that may not be tried yet; nil if it may.
    func heldBack(_ binding: Binding, in owner: Scope, at now: TimeSource.Instant) -> ResourceError? {
        guard !self.failing.isEmpty, owner.id == .root, let failing = self.failing[binding.word], now < failing.retryAt else { return nil }
        var error = ResourceError(
            failing.error.code,
            key: binding.label,
            scope: owner.name,
            underlying: failing.error.underlying,
            reason: failing.error.reason,
            "\(binding.label) (bound at \(binding.place)) could not be made \(failing.failures) times in a row and is not tried again for "
                + "\((failing.retryAt - now).shortText); the last time: \(failing.error.reason)"
        )
        error.isHeldBack = true
        return error
    }

    /// An abandoned attempt has come back: what it waited for answers again.
    mutating func tryAgain(_ word: UInt, at now: TimeSource.Instant) {
        if self.failing[word] != nil { self.failing[word]?.retryAt = now }
    }

    mutating func forgetFailures(of word: UInt) {
        if let failing = self.failing.removeValue(forKey: word) { self.leavings.add(boxed: failing.error) }
    }
}

extension ResourceError {
    /// Whether it, or what led to it, is that nothing was tried.
    fileprivate var isHeldBackBelow: Bool {
        var error: ResourceError? = self
        while let here = error {
            if here.isHeldBack { return true }
            error = here.underlying as? ResourceError
        }
        return false
    }
}

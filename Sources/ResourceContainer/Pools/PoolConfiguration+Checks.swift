extension PoolConfiguration {
    /// Refuses what no pool can work with.
    func validate(name: String, validates: Bool) throws(PoolError) {
        func refuse(_ text: String) -> PoolError {
            PoolError(.invalidConfiguration, pool: name, "pool \(name.asName) cannot be made: \(text)")
        }
        if let fault = Self.faultOfLimits(maximum: self.maximum, minimum: self.minimumSize) { throw refuse(fault) }
        if self.creationConcurrency < 1 { throw refuse("creationConcurrency is \(self.creationConcurrency) and must be at least 1") }
        let positive: [(String, Duration?)] = [
            ("acquireBudget", self.acquireBudget), ("createTimeout", self.createTimeout), ("failFastAfter", self.failFastAfter),
            ("validateTimeout", self.validateTimeout), ("resetTimeout", self.resetTimeout), ("idleTimeout", self.idleTimeout),
            ("keepalive", self.keepalive), ("maximumLifetime", self.maximumLifetime),
        ]
        for (setting, duration) in positive {
            if let duration, duration <= .zero { throw refuse("\(setting) is \(duration) and must be above zero") }
        }
        let notNegative = [
            ("validationFreshness", self.validationFreshness), ("slowThreshold", self.slowThreshold), ("drainTimeout", self.drainTimeout),
            ("closeTimeout", self.closeTimeout),
        ]
        for (setting, duration) in notNegative where duration < .zero {
            throw refuse("\(setting) is \(duration) and must not be negative")
        }
        if !(0...0.5).contains(self.lifetimeJitter) { throw refuse("lifetimeJitter is \(self.lifetimeJitter) and must be from 0 to 0.5") }
        if let leak = self.leakThreshold, leak <= .zero || leak < self.slowThreshold {
            throw refuse(
                "leakThreshold is \(leak) and would suspect every ordinary lease: it must be above zero and at least slowThreshold "
                    + "(\(self.slowThreshold)); a minute is usual, and nil turns it off"
            )
        }
        if self.keepalive != nil, !validates {
            throw refuse("keepalive is set and there is no validate hook that could keep an item alive")
        }
    }

    /// The most items that a pool is asked to keep. A maximum may be anything, since it is only what is never exceeded.
    static let largestMinimum = 100_000

    /// What is wrong with a pool's limits, if something is.
    static func faultOfLimits(maximum: Int, minimum: Int) -> String? {
        if maximum < 1 { return "maximum is \(maximum) and must be at least 1" }
        if minimum < 0 { return "minimumSize is \(minimum) and must not be negative" }
        if minimum > Self.largestMinimum {
            return "minimumSize is \(minimum) and must not be above \(Self.largestMinimum): a pool makes all of them"
        }
        if minimum > maximum { return "minimumSize is \(minimum) and must not be above maximum, which is \(maximum)" }
        return nil
    }
}

extension PoolConfiguration {
    /// Throws if no pool can work with this configuration.
    func validate(name: String, validates: Bool) throws(PoolError) {
        func refuse(_ text: String) -> PoolError {
            PoolError(.invalidConfiguration, pool: name, "pool \(name.asName) cannot be created: \(text)")
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
                "leakThreshold is \(leak) and would report ordinary leases as leaks: it must be above zero and at least slowThreshold "
                    + "(\(self.slowThreshold)); one minute is typical, and nil disables it"
            )
        }
        if self.keepalive != nil, !validates {
            throw refuse("keepalive is set, but the pool has no validate hook")
        }
    }

    /// The largest allowed minimum. A maximum has no such limit, because it is only an upper bound.
    static let largestMinimum = 100_000

    /// The problem with a pool's limits; nil if they are valid.
    static func faultOfLimits(maximum: Int, minimum: Int) -> String? {
        if maximum < 1 { return "maximum is \(maximum) and must be at least 1" }
        if minimum < 0 { return "minimumSize is \(minimum) and must not be negative" }
        if minimum > Self.largestMinimum {
            return "minimumSize is \(minimum) and must not be above \(Self.largestMinimum): the pool creates all of them"
        }
        if minimum > maximum { return "minimumSize is \(minimum) and must not be above maximum, which is \(maximum)" }
        return nil
    }
}

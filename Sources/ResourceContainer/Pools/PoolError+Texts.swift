extension PoolError {
    static func closed(_ sample: PoolSample, location: CodeLocation?) -> PoolError {
        PoolError(
            .closed,
            pool: sample.name,
            sample: sample,
            "pool \(sample.name) is closing or closed\(location.map { " and refused the call at \($0)" } ?? ""); "
                + "stop the code that uses it before the scope that owns it closes"
        )
    }

    static func exhausted(_ sample: PoolSample, location: CodeLocation) -> PoolError {
        PoolError(
            .exhausted,
            pool: sample.name,
            sample: sample,
            "pool \(sample.name) is exhausted at \(location), and its whenEmpty is fail: \(sample.figures); raise maximum, or set whenEmpty to wait"
        )
    }

    static func unavailable(_ sample: PoolSample, location: CodeLocation, cause: UserError?) -> PoolError {
        let reason = cause.map { ": \($0.text)" } ?? ""
        return PoolError(
            .unavailable,
            pool: sample.name,
            phase: .creating,
            sample: sample,
            underlying: cause?.error,
            "pool \(sample.name) is unavailable to \(location): it has no item to lease, and creating one keeps failing\(reason); "
                + "it recovers when a creation succeeds: check why creation fails"
        )
    }

    static func reentrant(_ sample: PoolSample, location: CodeLocation) -> PoolError {
        PoolError(
            .reentrant,
            pool: sample.name,
            sample: sample,
            "pool \(sample.name) is exhausted, and the task acquiring at \(location) holds one of its leases and would wait for itself; "
                + "release the first lease, pass its element on, or raise maximum"
        )
    }

    static func invalidBudget(_ pool: String, _ budget: Duration, location: CodeLocation) -> PoolError {
        PoolError(.invalidBudget, pool: pool, "the budget for pool \(pool) at \(location) is \(budget) and must be above zero")
    }

    static func staleLease(_ pool: String, location: CodeLocation) -> PoolError {
        PoolError(
            .staleLease,
            pool: pool,
            "the lease of pool \(pool) used at \(location) has already ended; nothing was changed: release every lease once"
        )
    }

    static func foreignLease(_ pool: String, of other: String, location: CodeLocation) -> PoolError {
        PoolError(
            .foreignLease,
            pool: pool,
            "the lease released to pool \(pool) at \(location) belongs to pool \(other); nothing was changed: release it to its own pool"
        )
    }

    static func stepTimedOut(_ pool: String, _ step: String, _ limit: Duration, then: String) -> PoolError {
        PoolError(.stepTimedOut, pool: pool, "pool \(pool): \(step) an item timed out after \(limit.brief); \(then)")
    }

    static func notFilled(_ sample: PoolSample, location: CodeLocation?, budget: Duration, cause: UserError?) -> PoolError {
        let reason = cause.map { "; the last creation failed: \($0.text)" } ?? ""
        return PoolError(
            .timedOut,
            pool: sample.name,
            phase: .creating,
            sample: sample,
            underlying: cause?.error,
            "timed out after \(budget.brief) filling pool \(sample.name)\(location.map { " at \($0)" } ?? ""): "
                + "\(sample.idle + sample.leased) of \(sample.minimum) items are ready\(reason); check why creating an item fails or is slow"
        )
    }

    static func timedOut(
        _ sample: PoolSample,
        location: CodeLocation,
        waited: Duration,
        creating: Duration,
        validating: Duration,
        cause: UserError?
    ) -> PoolError {
        let waiting = max(.zero, waited - creating - validating)
        var phase = Phase.waiting
        if creating > waiting, creating >= validating { phase = .creating }
        if validating > waiting, validating > creating { phase = .validating }
        var text = "timed out after \(waited.brief) acquiring from pool \(sample.name) at \(location)"
        text += " (waiting \(waiting.brief), creating \(creating.brief)"
        if validating > .zero { text += ", validating \(validating.brief)" }
        text += "): \(sample.figures)"
        if let cause { text += "; the last creation failed: \(cause.text)" }
        switch phase {
        case .waiting: text += "; release leases sooner, raise maximum, or allow a longer budget"
        case .creating: text += "; check why creating an item fails or is slow"
        case .validating: text += "; check why validating an item fails or is slow"
        }
        return PoolError(.timedOut, pool: sample.name, phase: phase, sample: sample, underlying: cause?.error, text)
    }
}

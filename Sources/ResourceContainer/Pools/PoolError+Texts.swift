extension PoolError {
    static func closed(_ sample: PoolSample, place: SourcePlace?) -> PoolError {
        PoolError(
            .closed,
            pool: sample.name,
            sample: sample,
            "pool \(sample.name) is closing or closed and lends nothing\(place.map { " to \($0)" } ?? ""): end its borrowers before the scope that owns it"
        )
    }

    static func exhausted(_ sample: PoolSample, place: SourcePlace) -> PoolError {
        PoolError(
            .exhausted,
            pool: sample.name,
            sample: sample,
            "pool \(sample.name) has nothing left for \(place) and its policy is to fail: \(sample.figures); raise maximum, or let borrowers wait"
        )
    }

    static func unavailable(_ sample: PoolSample, place: SourcePlace, cause: UserError?) -> PoolError {
        let reason = cause.map { ": \($0.text)" } ?? ""
        return PoolError(
            .unavailable,
            pool: sample.name,
            phase: .creating,
            sample: sample,
            underlying: cause?.error,
            "pool \(sample.name) has nothing for \(place) and has long been unable to make anything\(reason); "
                + "it lends again when an item can be made: see why making one fails"
        )
    }

    static func reentrant(_ sample: PoolSample, place: SourcePlace) -> PoolError {
        PoolError(
            .reentrant,
            pool: sample.name,
            sample: sample,
            "pool \(sample.name) is exhausted and the task that asks at \(place) holds one of its leases: it would wait for itself; "
                + "give the first lease back before, pass its element on, or raise maximum"
        )
    }

    static func invalidBudget(_ pool: String, _ budget: Duration, place: SourcePlace) -> PoolError {
        PoolError(.invalidBudget, pool: pool, "pool \(pool) was asked at \(place) with a budget of \(budget): it must be above zero")
    }

    static func staleLease(_ pool: String, place: SourcePlace) -> PoolError {
        PoolError(
            .staleLease,
            pool: pool,
            "pool \(pool) was given back a lease at \(place) that had ended; nothing was changed: give every lease back once"
        )
    }

    static func foreignLease(_ pool: String, of other: String, place: SourcePlace) -> PoolError {
        PoolError(
            .foreignLease,
            pool: pool,
            "pool \(pool) was given a lease of pool \(other) at \(place); nothing was changed: give it back where it came from"
        )
    }

    static func stepTimedOut(_ pool: String, _ step: String, _ limit: Duration, then: String) -> PoolError {
        PoolError(.stepTimedOut, pool: pool, "pool \(pool): \(step) an item did not come back within \(limit.shortText); \(then)")
    }

    static func notFilled(_ sample: PoolSample, place: SourcePlace?, budget: Duration, cause: UserError?) -> PoolError {
        let reason = cause.map { "; the last creation failed: \($0.text)" } ?? ""
        return PoolError(
            .timedOut,
            pool: sample.name,
            phase: .creating,
            sample: sample,
            underlying: cause?.error,
            "pool \(sample.name)\(place.map { ", filled at \($0)," } ?? "") had \(sample.idle + sample.leased) of its minimum of \(sample.minimum) items within "
                + "\(budget.shortText)\(reason); see why making an item fails or takes that long"
        )
    }

    static func timedOut(
        _ sample: PoolSample,
        place: SourcePlace,
        waited: Duration,
        creating: Duration,
        validating: Duration,
        cause: UserError?
    ) -> PoolError {
        let waiting = max(.zero, waited - creating - validating)
        var phase = Phase.waiting
        if creating > waiting, creating >= validating { phase = .creating }
        if validating > waiting, validating > creating { phase = .validating }
        var text = "pool \(sample.name) had nothing for \(place) within \(waited.shortText)"
        text += " (waiting \(waiting.shortText), creating \(creating.shortText)"
        if validating > .zero { text += ", validating \(validating.shortText)" }
        text += "): \(sample.figures)"
        if let cause { text += "; the last creation failed: \(cause.text)" }
        switch phase {
        case .waiting: text += "; give leases back sooner, raise maximum, or allow a longer budget"
        case .creating: text += "; see why making an item fails or takes that long"
        case .validating: text += "; see why validating an item fails or takes that long"
        }
        return PoolError(.timedOut, pool: sample.name, phase: phase, sample: sample, underlying: cause?.error, text)
    }
}

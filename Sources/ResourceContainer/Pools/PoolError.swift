/// Why a pool could not do what it was asked: what happened, to which pool, with which figures, and what to do about it.
public struct PoolError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure. More may be added; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case exhausted, timedOut, closed, invalidConfiguration, invalidBudget, notCleanlyClosed
        }

        private let raw: Raw

        /// Everything is lent and the pool's policy is to fail (the specification's `ResourceExhaustedError`).
        public static let exhausted = Code(raw: .exhausted)
        /// The acquire budget ran out.
        public static let timedOut = Code(raw: .timedOut)
        /// The pool is closing or closed.
        public static let closed = Code(raw: .closed)
        /// The configuration cannot work.
        public static let invalidConfiguration = Code(raw: .invalidConfiguration)
        /// The budget given for one acquisition is zero or negative.
        public static let invalidBudget = Code(raw: .invalidBudget)
        /// The pool is closed, but not every item came back, or an item's closing failed.
        public static let notCleanlyClosed = Code(raw: .notCleanlyClosed)

        public var description: String {
            self.raw.rawValue
        }
    }

    /// What an acquisition was doing while its budget ran.
    public enum Phase: String, Sendable, Hashable, Codable {
        /// Everything was lent, nothing more may be made.
        case waiting
        /// An item was being made, or the pool held back after failures to make one.
        case creating
    }

    /// The kind of the failure.
    public let code: Code
    /// The pool's name.
    public let pool: String
    /// The phase that took the most of the budget; there if the budget ran out.
    public let phase: Phase?
    /// The pool's figures at that moment; there if an acquisition failed.
    public let sample: PoolSample?
    /// The last error of making an item, if the pool has not made one since; or what an item's closing threw.
    public let underlying: (any Error)?
    /// What happened, where, and what to do about it, in one line.
    public let description: String

    init(
        _ code: Code,
        pool: String,
        phase: Phase? = nil,
        sample: PoolSample? = nil,
        underlying: (any Error)? = nil,
        _ description: String
    ) {
        self.code = code
        self.pool = pool
        self.phase = phase
        self.sample = sample
        self.underlying = underlying
        self.description = description
    }
}

extension PoolError {
    static func closed(_ sample: PoolSample, place: SourcePlace) -> PoolError {
        PoolError(
            .closed,
            pool: sample.name,
            sample: sample,
            "pool \(sample.name) is closing or closed and lends nothing to \(place): end its borrowers before the scope that owns it"
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

    static func timedOut(
        _ sample: PoolSample,
        place: SourcePlace,
        waited: Duration,
        creating: Duration,
        cause: (any Error)?
    ) -> PoolError {
        let phase: Phase = creating + creating > waited ? .creating : .waiting
        var text = "pool \(sample.name) had nothing for \(place) within \(waited.shortText)"
        text += " (waiting \((waited - creating).shortText), creating \(creating.shortText)): \(sample.figures)"
        if let cause { text += "; the last creation failed: \(cause)" }
        switch phase {
        case .waiting: text += "; give leases back sooner, raise maximum, or allow a longer budget"
        case .creating: text += "; see why making an item fails or takes that long"
        }
        return PoolError(.timedOut, pool: sample.name, phase: phase, sample: sample, underlying: cause, text)
    }
}

extension PoolSample {
    /// The counts in words.
    fileprivate var figures: String {
        "\(self.leased) of \(self.maximum) lent, \(self.idle) idle, \(self.pending) being made or closed, \(self.waiting) waiting"
    }
}

extension Duration {
    /// In milliseconds below one second, else in seconds with two places.
    fileprivate var shortText: String {
        let milliseconds = self.wholeNanoseconds / 1_000_000
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let hundredths = milliseconds / 10
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
    }
}

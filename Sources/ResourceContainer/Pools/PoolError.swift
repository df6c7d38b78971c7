/// Why a pool could not do what it was asked: what happened, to which pool, with which figures, and what to do about it.
public struct PoolError: UnreturnedError, Sendable, CustomStringConvertible {
    /// The kind of a failure. More may be added; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case exhausted, timedOut, unavailable, reentrant, closed, invalidConfiguration, invalidBudget, staleLease, foreignLease,
                stepTimedOut,
                notCleanlyClosed
        }

        private let raw: Raw

        /// Everything is lent and the pool's policy is to fail (the specification's `ResourceExhaustedError`).
        public static let exhausted = Code(raw: .exhausted)
        /// The acquire budget ran out.
        public static let timedOut = Code(raw: .timedOut)
        /// Items could not be made for long and there is none: the pool refuses until one can be made.
        public static let unavailable = Code(raw: .unavailable)
        /// A task that holds a lease asked for another of the exhausted pool, and the pool's policy is to throw.
        public static let reentrant = Code(raw: .reentrant)
        /// The lease had ended: it was given back before.
        public static let staleLease = Code(raw: .staleLease)
        /// The lease is of another pool.
        public static let foreignLease = Code(raw: .foreignLease)
        /// Making, validating or resetting an item did not come back in time.
        public static let stepTimedOut = Code(raw: .stepTimedOut)
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
        /// An item was being validated.
        case validating
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
    /// Who had not given back when the pool was closed; there if that is what the error is about.
    public let unreturned: [PoolSample.Holder]
    /// What happened, where, and what to do about it, in one line.
    public let description: String

    package init(
        _ code: Code,
        pool: String,
        phase: Phase? = nil,
        sample: PoolSample? = nil,
        underlying: (any Error)? = nil,
        unreturned: [PoolSample.Holder] = [],
        _ description: String
    ) {
        self.code = code
        self.pool = pool.asName
        self.phase = phase
        self.sample = sample
        self.underlying = underlying
        self.unreturned = unreturned
        self.description = description.asReport
    }
}

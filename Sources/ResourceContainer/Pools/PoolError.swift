/// An error of a pool: its kind, the pool's name and figures, the cause, and a suggested remedy.
public struct PoolError: UnreturnedError, Sendable, CustomStringConvertible {
    /// The kind of a pool error. More kinds may be added; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case exhausted, timedOut, unavailable, reentrant, closed, invalidConfiguration, invalidBudget, staleLease, foreignLease,
                stepTimedOut,
                notCleanlyClosed
        }

        private let raw: Raw

        /// Every item is leased, and the pool's policy is ``PoolConfiguration/EmptyPolicy/fail`` (the specification's `ResourceExhaustedError`).
        public static let exhausted = Code(raw: .exhausted)
        /// The budget of the acquisition or of the prefill expired.
        public static let timedOut = Code(raw: .timedOut)
        /// Creation has failed for long and the pool has no item. It refuses acquisitions until a creation succeeds.
        public static let unavailable = Code(raw: .unavailable)
        /// A task that holds a lease acquired another one from the exhausted pool, and the pool's policy is to throw.
        public static let reentrant = Code(raw: .reentrant)
        /// The lease has already ended.
        public static let staleLease = Code(raw: .staleLease)
        /// The lease belongs to another pool.
        public static let foreignLease = Code(raw: .foreignLease)
        /// Creating, validating or resetting an item did not finish in time.
        public static let stepTimedOut = Code(raw: .stepTimedOut)
        /// The pool is closing or closed.
        public static let closed = Code(raw: .closed)
        /// The configuration, or the new limits, are invalid.
        public static let invalidConfiguration = Code(raw: .invalidConfiguration)
        /// The budget of a single call is zero or negative.
        public static let invalidBudget = Code(raw: .invalidBudget)
        /// The pool is closed, but an item was not released, or closing an item failed.
        public static let notCleanlyClosed = Code(raw: .notCleanlyClosed)

        /// The name of the code.
        public var description: String {
            self.raw.rawValue
        }
    }

    /// The phases of an acquisition.
    public enum Phase: String, Sendable, Hashable, Codable {
        /// Every item was leased and no more could be created.
        case waiting
        /// An item was being created, or the pool paused after a failed creation.
        case creating
        /// An item was being validated.
        case validating
    }

    /// The kind of the error.
    public let code: Code
    /// The pool's name.
    public let pool: String
    /// The phase that used most of the budget; set if a budget expired.
    public let phase: Phase?
    /// The pool's figures when the error occurred; set if an acquisition or a prefill failed.
    public let sample: PoolSample?
    /// The last creation error, if no creation has succeeded since; for ``PoolError/Code/notCleanlyClosed``, the first error of closing an
    /// item.
    public let underlying: (any Error)?
    /// The holders that had not released when the pool was closed; empty for other errors.
    public let unreturned: [PoolSample.Holder]
    /// The failure, its source location and a suggested remedy, in one line.
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

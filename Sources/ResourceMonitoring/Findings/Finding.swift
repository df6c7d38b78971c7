import ResourceContainer

/// Something in a container that a person should look at: what, how bad, where it began, and what to do.
///
/// There is one for each kind and place in the user's code, however many subjects it has there: a line that forgets a scope per request is
/// one finding with many subjects. Where no place is known there is one for each subject. A subject is added when its condition is met and withdrawn when the condition is gone, where it can go;
/// the finding is withdrawn with its last subject.
public struct Finding: Sendable, Hashable, Codable, Identifiable {
    /// What can be found. The raw value is the name under which it is configured, allowed, printed and exported.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A scope is open that nobody holds any more, so nobody will close it.
        case leak
        /// An instance is still referenced after its dispose; looked for where the binding asks for it.
        case outlivedScope = "outlived-scope"
        /// A lease was still out when the scope that took it had closed.
        case leaseLost = "lease-lost"
        /// A lease is out for longer than its pool's leak threshold.
        case leaseHeldTooLong = "lease-held-too-long"
        /// Borrowers wait for long while nothing comes back.
        case poolStarved = "pool-starved"
        /// Acquisitions were refused or ran out of their budget because the pool was empty.
        case poolExhausted = "pool-exhausted"
        /// Acquisitions wait for their pool's threshold, or for longer.
        case acquireSlow = "acquire-slow"
        case initialiseSlow = "initialise-slow"
        case disposeSlow = "dispose-slow"
        /// An initialise or a dispose did not come back within its budget.
        case abandoned
        case disposeThrew = "dispose-threw"
        /// Several initialisations in a row have failed.
        case initialiseFailing = "initialise-failing"
        /// A binding makes instances at a high rate.
        case initialiseStorm = "initialise-storm"
        /// An instance was made, and nobody has asked for it for long.
        case neverUsed = "never-used"
        /// Many errors in a short time.
        case errorBurst = "error-burst"
        case unhealthy
        /// A health status that goes to and fro.
        case healthFlapping = "health-flapping"
        /// A scope is open for much longer than others of its tag were.
        case scopeOpenLong = "scope-open-long"
        /// A scope gathers transient instances, which live as long as the scope.
        case transientsPileUp = "transients-pile-up"
        /// The books do not add up. Cannot be allowed.
        case booksUnbalanced = "books-unbalanced"
    }

    /// How much it matters.
    public enum Severity: Int, Sendable, Hashable, Codable, Comparable, CaseIterable {
        /// Worth knowing.
        case low
        /// Something is wrong, and others are not affected yet.
        case medium
        /// Users are affected, or will be.
        case high

        public static func < (left: Severity, right: Severity) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// What a finding is about.
    public struct Subject: Sendable, Hashable, Codable {
        /// As a person reads it: `DatabasePool#1`, `req-431`, `Database(primary)`.
        public var label: String
        public var binding: BindingID?
        public var scope: ScopeID?
        public var resource: ResourceID?

        public init(label: String, binding: BindingID? = nil, scope: ScopeID? = nil, resource: ResourceID? = nil) {
            self.label = label
            self.binding = binding
            self.scope = scope
            self.resource = resource
        }
    }

    /// How many subjects a finding names.
    public static let subjectLimit = 5

    /// Its identity within its monitor: never used twice.
    public var id: UInt64
    public var kind: Kind
    /// The worst of its subjects.
    public var severity: Severity
    /// The newest of its subjects, and the newest ``subjectLimit`` of them, that one first.
    public var subject: Subject
    public var subjects: [Subject]
    /// How many subjects it has.
    public var subjectCount: Int
    /// What was seen, with figures: `2 leases out for more than 30.0 s, the longest for 41.2 s`. Of several subjects, that of the oldest.
    public var evidence: String
    /// The place in the user's code where it began, where one is known.
    public var place: SourcePlace?
    /// One sentence on what to do.
    public var advice: String
    /// When its first subject was found, and when the condition of one was last seen.
    public var firstSeen: TimeSource.Instant
    public var lastSeen: TimeSource.Instant
    /// How often it has happened, to all of its subjects.
    public var count: Int
    /// What else was found at its place that has the same cause, and is no finding besides.
    public var folded: [Kind]
    /// When its last subject was withdrawn; nil while it stands.
    public var withdrawnAt: TimeSource.Instant?

    /// The same as ``firstSeen``.
    public var since: TimeSource.Instant { self.firstSeen }

    public init(
        id: UInt64,
        kind: Kind,
        severity: Severity,
        subject: Subject,
        evidence: String,
        place: SourcePlace? = nil,
        advice: String,
        since: TimeSource.Instant
    ) {
        self.id = id
        self.kind = kind
        self.severity = severity
        self.subject = subject
        self.evidence = evidence
        self.place = place
        self.advice = advice
        self.subjects = [subject]
        self.subjectCount = 1
        self.firstSeen = since
        self.lastSeen = since
        self.count = 1
        self.folded = []
        self.withdrawnAt = nil
    }

    /// Whether it counts as a leak: a scope nobody can close, a lease lost or held too long, an abandoned resource.
    public var isLeak: Bool {
        switch self.kind {
        case .leak, .leaseLost, .leaseHeldTooLong, .abandoned: true
        default: false
        }
    }
}

extension Finding.Kind {
    /// The kind that this one is a part of where both are found at one place in the code: a scope that nobody will ever close is open for long,
    /// too, and that is one mistake.
    package var cause: Finding.Kind? {
        self == .scopeOpenLong ? .leak : nil
    }
}

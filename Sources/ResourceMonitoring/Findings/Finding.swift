import ResourceContainer

/// Something in a container that a person should look at: what, how bad, where it began, and what to do.
///
/// A finding is raised once for a subject, counts what happens again, and is withdrawn when its condition is gone, where it can go.
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
        /// Acquisitions wait longer than their pool's threshold.
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

    /// Its identity within its monitor: counted from 1 and never used twice.
    public var id: UInt64
    public var kind: Kind
    public var severity: Severity
    public var subject: Subject
    /// What was seen, with figures: `2 leases out for more than 30.0 s, the longest for 41.2 s`.
    public var evidence: String
    /// The place in the user's code where it began, where one is known.
    public var place: SourcePlace?
    /// One sentence on what to do.
    public var advice: String
    /// When it was raised, and when its condition was last seen.
    public var since: TimeSource.Instant
    public var lastSeen: TimeSource.Instant
    /// How often it has happened.
    public var count: Int
    /// When its condition was gone; nil while it stands.
    public var withdrawnAt: TimeSource.Instant?

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
        self.since = since
        self.lastSeen = since
        self.count = 1
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

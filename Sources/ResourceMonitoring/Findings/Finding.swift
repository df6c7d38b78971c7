import ResourceContainer

/// A diagnosed problem in a container: its kind, severity, source location, evidence, and advice.
///
/// There is one finding per kind and source location in the application's code, regardless of the number of subjects: a line that leaks a
/// scope per request is one finding with many subjects. If the source location is unknown, there is one finding per subject. A subject is
/// added when its condition is met, and withdrawn when the condition ends. The finding is withdrawn with its last subject.
public struct Finding: Sendable, Hashable, Codable, Identifiable {
    /// A kind of problem. The raw value is its name in configuration, in output, and in exported metrics.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A scope is open, but no code references it anymore, so that none can close it.
        case leak
        /// An instance is still referenced after its dispose. Detected only for bindings that enable the check.
        case outlivedScope = "outlived-scope"
        /// A lease was not released before the scope that acquired it closed.
        case leaseLost = "lease-lost"
        /// A lease is held for longer than its pool's leak threshold.
        case leaseHeldTooLong = "lease-held-too-long"
        /// Waiters wait for a long time while no lease is released.
        case poolStarved = "pool-starved"
        /// Acquisitions were refused or timed out because the pool was empty.
        case poolExhausted = "pool-exhausted"
        /// Acquisitions wait for at least their pool's threshold.
        case acquireSlow = "acquire-slow"
        /// An initialize takes, or has been running for, at least ``FindingRules/slowInitialize``.
        case initializeSlow = "initialize-slow"
        /// A dispose takes, or has been running for, at least ``FindingRules/slowDispose``.
        case disposeSlow = "dispose-slow"
        /// An initialize or a dispose did not finish within its budget.
        case abandoned
        /// A dispose threw.
        case disposeThrew = "dispose-threw"
        /// Several initializations of a binding in a row failed.
        case initializeFailing = "initialize-failing"
        /// A binding creates instances at a high rate.
        case initializeStorm = "initialize-storm"
        /// An instance was created, but has not been used for a long time.
        case neverUsed = "never-used"
        /// Many errors occurred in a short time.
        case errorBurst = "error-burst"
        /// Many bodies of scopes that one line of code opens throw.
        case scopesFailing = "scopes-failing"
        /// A resource is unhealthy, or its health check fails.
        case unhealthy
        /// The health status of a resource changes frequently.
        case healthFlapping = "health-flapping"
        /// A scope is open for much longer than earlier scopes with its tag.
        case scopeOpenLong = "scope-open-long"
        /// A scope accumulates transient instances, which live until the scope closes.
        case transientsPileUp = "transients-pile-up"
        /// The tasks of an attached process wait for a thread of the concurrency pool.
        case executorStarved = "executor-starved"
        /// The books do not balance. This kind cannot be suppressed.
        case booksUnbalanced = "books-unbalanced"
    }

    /// The severity of a finding.
    public enum Severity: Int, Sendable, Hashable, Codable, Comparable, CaseIterable {
        /// A fact worth knowing.
        case low
        /// A problem that does not affect users yet.
        case medium
        /// A problem that affects users, or will.
        case high

        /// Orders severities from `low` to `high`.
        public static func < (left: Severity, right: Severity) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// A subject of a finding: a binding, an instance, a scope, or the container.
    public struct Subject: Sendable, Hashable, Codable {
        /// The label for users, such as `DatabasePool#1`, `req-431`, or `Database(primary)`.
        public var label: String
        /// The binding concerned, if any.
        public var binding: BindingID?
        /// The scope concerned, if any.
        public var scope: ScopeID?
        /// The instance concerned, if any.
        public var resource: ResourceID?

        /// Creates a subject.
        public init(label: String, binding: BindingID? = nil, scope: ScopeID? = nil, resource: ResourceID? = nil) {
            self.label = label
            self.binding = binding
            self.scope = scope
            self.resource = resource
        }
    }

    /// The largest number of subjects that a finding lists.
    public static let subjectLimit = 5
    /// The shortest time that an empty task waits for a thread if the concurrency pool is starved.
    package static let executorStarvedAfter = Duration.seconds(1)

    /// The finding's number, unique within its monitor.
    public var id: UInt64
    /// The kind of problem.
    public var kind: Kind
    /// The highest severity among its subjects.
    public var severity: Severity
    /// The newest subject.
    public var subject: Subject
    /// The newest subjects, newest first; at most ``subjectLimit``.
    public var subjects: [Subject]
    /// The number of subjects.
    public var subjectCount: Int
    /// The observation with its figures, such as `3 initializations in a row failed, the last with: refused`.
    ///
    /// If the finding has several subjects, this is the evidence for the oldest one.
    public var evidence: String
    /// The source location in the application's code where the problem begins, if known.
    public var location: CodeLocation?
    /// A sentence that recommends what to do.
    public var advice: String
    /// The time at which the first subject was found.
    public var firstSeen: TimeSource.Instant
    /// The time at which the condition of any subject was last observed.
    public var lastSeen: TimeSource.Instant
    /// The number of occurrences, over all subjects.
    public var count: Int
    /// The kinds of findings at the same source location that have this finding as their cause and are therefore not listed separately.
    public var folded: [Kind]
    /// The time at which the last subject was withdrawn; nil while the finding is active.
    public var withdrawnAt: TimeSource.Instant?

    /// The same as ``firstSeen``.
    public var since: TimeSource.Instant { self.firstSeen }

    /// Creates an active finding with one subject and a count of 1.
    public init(
        id: UInt64,
        kind: Kind,
        severity: Severity,
        subject: Subject,
        evidence: String,
        location: CodeLocation? = nil,
        advice: String,
        since: TimeSource.Instant
    ) {
        self.id = id
        self.kind = kind
        self.severity = severity
        self.subject = subject
        self.evidence = evidence
        self.location = location
        self.advice = advice
        self.subjects = [subject]
        self.subjectCount = 1
        self.firstSeen = since
        self.lastSeen = since
        self.count = 1
        self.folded = []
        self.withdrawnAt = nil
    }

    /// Whether the finding counts as a leak: a scope that no code can close, a lease that is lost or held too long, or an abandoned
    /// resource.
    public var isLeak: Bool {
        switch self.kind {
        case .leak, .leaseLost, .leaseHeldTooLong, .abandoned: true
        default: false
        }
    }
}

extension Finding.Kind {
    /// The kind that causes this one if both are found at the same source location. A leaked scope is also open for long, for example.
    package var cause: Finding.Kind? {
        self == .scopeOpenLong ? .leak : nil
    }
}

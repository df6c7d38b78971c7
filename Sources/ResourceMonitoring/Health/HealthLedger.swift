import DequeModule
import ResourceContainer

/// The settled health of a container's resources, and the verdict. A pure value without a lock, a clock, or a container.
///
/// The first answer counts at once. After that, ``HealthPolicy/fall`` bad answers in a row lower a status, and ``HealthPolicy/rise`` better
/// answers in a row raise it; a healthy resource becomes degraded at once. A status without an answer for three intervals becomes unknown,
/// and the next answer counts as a first one. O(1) per answer, except that a change derives the verdict again.
struct HealthLedger: Sendable {
    /// The number of bindings above which those without active instances are forgotten.
    private static let bindingLimit = 1024

    /// The policy of the running checker, or of the checker that checked last.
    var policy: HealthPolicy
    /// The resources that have a health check or are a fallback.
    private(set) var entries: [ResourceID: HealthEntry] = [:]
    /// The resources without a health check, and their bindings.
    private(set) var probeless: Set<ResourceID> = []
    private(set) var probelessBindings: Set<BindingID> = []
    /// The last known status of an instance, by binding.
    private var answers: [BindingID: HealthStatus] = [:]
    private(set) var verdict = HealthStatus.unknown
    private(set) var since: TimeSource.Instant
    private(set) var transitions: Deque<HealthTransition> = []

    init(policy: HealthPolicy, at time: TimeSource.Instant) {
        self.policy = policy
        self.since = time
    }

    /// Applies an answer of a resource with a health check.
    mutating func record(_ result: HealthResult, of subject: HealthSubject) {
        var entry = self.entries[subject.id] ?? HealthEntry(subject, at: result.time)
        entry.subject = subject
        let change = entry.take(result, self.policy)
        self.entries[subject.id] = entry
        let isNews = entry.status != .unknown && self.answers[subject.binding] != entry.status
        if isNews { self.answers[subject.binding] = entry.status }
        if change || isNews { self.judge(at: result.time) }
    }

    /// Applies a good answer of an ended instance, which shows that its binding works. Returns whether a status of the binding is known.
    mutating func record(_ result: HealthResult, ofLast binding: BindingID) -> Bool {
        if self.answers[binding] != nil { return true }
        guard result.status == .healthy || result.status == .degraded else { return false }
        self.answers[binding] = result.status
        self.judge(at: result.time)
        return true
    }

    /// Applies the active resources at `now`: removes ended ones, adds new ones, and expires overdue statuses.
    mutating func settle(_ live: [HealthSubject], at now: TimeSource.Instant) {
        var isThere: Set<ResourceID> = []
        var probeless: Set<ResourceID> = []
        isThere.reserveCapacity(live.count)
        for subject in live {
            // An initializing resource is not checked yet; a disposing one keeps its status.
            guard subject.isReady else {
                self.entries[subject.id]?.subject.isReady = false
                if self.entries[subject.id] != nil { isThere.insert(subject.id) }
                if self.probeless.contains(subject.id) { probeless.insert(subject.id) }
                continue
            }
            if !subject.hasProbe {
                probeless.insert(subject.id)
                self.probelessBindings.insert(subject.binding)
                // It has no health, unless it is a fallback.
                if subject.fallbackFor == nil { continue }
            }
            isThere.insert(subject.id)
            _ = self.entries[subject.id, default: HealthEntry(subject, at: now)].settle(subject, at: now)
        }
        self.probeless = probeless
        if isThere.count < self.entries.count { self.entries = self.entries.filter { isThere.contains($0.key) } }
        self.forgetBindings(live)
        self.judge(at: now)
    }

    /// The last known status of an instance of a binding; nil if none has answered.
    func answer(of binding: BindingID) -> HealthStatus? {
        self.answers[binding]
    }

    /// The verdict with the statuses it is derived from. O(entries).
    var opinion: HealthVerdict {
        HealthVerdict(self.entries.values.lazy.map { $0.opinion(self.answers[$0.subject.binding]) })
    }

    private mutating func judge(at time: TimeSource.Instant) {
        let opinion = self.opinion
        guard opinion.status != self.verdict else { return }
        let reason = opinion.causes(at: time).first ?? "all known resources are healthy"
        self.transitions.append(HealthTransition(time: time, from: self.verdict, to: opinion.status, reason: reason))
        if self.transitions.count > HealthPicture.transitionLimit { self.transitions.removeFirst() }
        self.verdict = opinion.status
        self.since = time
    }

    /// Bounds memory if the program keeps adding bindings.
    private mutating func forgetBindings(_ live: [HealthSubject]) {
        guard self.answers.count > Self.bindingLimit || self.probelessBindings.count > Self.bindingLimit else { return }
        let known = Set(live.map(\.binding))
        self.answers = self.answers.filter { known.contains($0.key) }
        self.probelessBindings.formIntersection(known)
    }
}

import DequeModule
import ResourceContainer

/// What the answers of health checks add up to. A pure value: no lock, no clock, no container.
///
/// A first answer counts at once. From then on it takes ``HealthPolicy/fall`` bad answers in a row to fall, and ``HealthPolicy/rise``
/// better ones to rise; degraded is a warning, and shown at once where all was well. What is not said again for three intervals is unknown,
/// and the next answer counts as a first one. O(1) per answer, but for changes, which judge the whole.
struct HealthLedger: Sendable {
    /// How many bindings are remembered whose instances are gone.
    private static let bindingLimit = 1024

    /// How answers are judged: as the checker says that asks.
    var policy: HealthPolicy
    /// What has something to be asked, or stands in for another.
    private(set) var entries: [ResourceID: HealthEntry] = [:]
    /// What has nothing to be asked, and the bindings of such.
    private(set) var probeless: Set<ResourceID> = []
    private(set) var probelessBindings: Set<BindingID> = []
    /// What an instance of each binding was last held to be.
    private var answers: [BindingID: HealthStatus] = [:]
    private(set) var verdict = HealthStatus.unknown
    private(set) var since: TimeSource.Instant
    private(set) var transitions: Deque<HealthTransition> = []

    init(policy: HealthPolicy, at time: TimeSource.Instant) {
        self.policy = policy
        self.since = time
    }

    /// Takes an answer about a resource that has something to be asked.
    mutating func record(_ result: HealthResult, of subject: HealthSubject) {
        var entry = self.entries[subject.id] ?? HealthEntry(subject, at: result.time)
        entry.subject = subject
        let change = entry.take(result, self.policy)
        self.entries[subject.id] = entry
        let isNews = entry.status != .unknown && self.answers[subject.binding] != entry.status
        if isNews { self.answers[subject.binding] = entry.status }
        if change || isNews { self.judge(at: result.time) }
    }

    /// Takes a good answer of an instance that is gone: it says that its binding works, if nothing else has said anything yet. Whether it did.
    mutating func record(_ result: HealthResult, ofLast binding: BindingID) -> Bool {
        if self.answers[binding] != nil { return true }
        guard result.status == .healthy || result.status == .degraded else { return false }
        self.answers[binding] = result.status
        self.judge(at: result.time)
        return true
    }

    /// Takes what lives at `now`: lets go of what does not, takes in what came, and lets expire what was not said again.
    mutating func settle(_ live: [HealthSubject], at now: TimeSource.Instant) {
        var isThere: Set<ResourceID> = []
        var probeless: Set<ResourceID> = []
        isThere.reserveCapacity(live.count)
        for subject in live {
            // On its way in it is not asked yet; on its way out it is what it was.
            guard subject.isReady else {
                self.entries[subject.id]?.subject.isReady = false
                if self.entries[subject.id] != nil { isThere.insert(subject.id) }
                if self.probeless.contains(subject.id) { probeless.insert(subject.id) }
                continue
            }
            if !subject.hasProbe {
                probeless.insert(subject.id)
                self.probelessBindings.insert(subject.binding)
                // It has no health, unless it stands in for another.
                if subject.standsInFor == nil { continue }
            }
            isThere.insert(subject.id)
            _ = self.entries[subject.id, default: HealthEntry(subject, at: now)].settle(subject, at: now)
        }
        self.probeless = probeless
        if isThere.count < self.entries.count { self.entries = self.entries.filter { isThere.contains($0.key) } }
        self.forgetBindings(live)
        self.judge(at: now)
    }

    /// What an instance of a binding was last held to be; nil if none has answered.
    func answer(of binding: BindingID) -> HealthStatus? {
        self.answers[binding]
    }

    /// The verdict of the whole, with what it rests on. O(entries).
    var opinion: HealthVerdict {
        HealthVerdict(self.entries.values.lazy.map { $0.opinion(self.answers[$0.subject.binding]) })
    }

    private mutating func judge(at time: TimeSource.Instant) {
        let opinion = self.opinion
        guard opinion.status != self.verdict else { return }
        let reason = opinion.causes(at: time).first ?? "everything that is known is healthy"
        self.transitions.append(HealthTransition(time: time, from: self.verdict, to: opinion.status, reason: reason))
        if self.transitions.count > HealthPicture.transitionLimit { self.transitions.removeFirst() }
        self.verdict = opinion.status
        self.since = time
    }

    /// A program that makes bindings all the time does not make this grow.
    private mutating func forgetBindings(_ live: [HealthSubject]) {
        guard self.answers.count > Self.bindingLimit || self.probelessBindings.count > Self.bindingLimit else { return }
        let known = Set(live.map(\.binding))
        self.answers = self.answers.filter { known.contains($0.key) }
        self.probelessBindings.formIntersection(known)
    }
}

import ResourceContainer

/// Asks resources how they are, in the specification's order: health check, ping, `SELECT 1`, `health_check_key`, unknown.
///
/// Checks what is ready, in every scope, and initialises nothing. Every check has a deadline of its own, and one that hangs, throws or comes
/// late holds up no other and no later one. One run over the container goes on at a time; who asks meanwhile is given its results.
/// Results are stored with the resources, and a change of status is an event; what they add up to is the ``picture()``.
public final class HealthChecker: Sendable {
    /// How it asks, and how many answers it takes to change its mind.
    public let policy: HealthPolicy
    let container: Container
    private let run = Lock<Promise<[ResourceID: HealthResult]>?>(nil)
    /// The resources whose check has not come back, past its deadline or not: none is asked twice at a time.
    private let running = Lock<[ResourceID: Promise<HealthResult>]>([:])
    let state: Lock<State>

    struct State: Sendable {
        var ledger: HealthLedger
        /// When each resource is asked next, while ``HealthChecker/run()`` goes on.
        var next: [ResourceID: TimeSource.Instant] = [:]
        /// Those that have nothing to be asked and were told so: they are left alone.
        var unanswering: Set<ResourceID> = []
        /// Whether there is nothing to be asked: the next round begins when something happens.
        var isResting = false
        /// When the last round began, while one goes on.
        var lastRound: TimeSource.Instant?
    }

    /// A checker of `container` that gives each check `deadline` to answer; everything else is as in ``HealthPolicy``.
    public init(_ container: Container, deadline: Duration = .seconds(1)) {
        var policy = HealthPolicy()
        policy.deadline = deadline
        self.policy = policy
        self.container = container
        self.state = Lock(State(ledger: HealthLedger(policy: policy, at: container.environment.time.now)))
    }

    /// A checker of `container` that goes by `policy`; throws for one that nothing can be checked with.
    public init(_ container: Container, policy: HealthPolicy) throws(HealthPolicyError) {
        if let fault = policy.fault { throw HealthPolicyError(fault) }
        self.policy = policy
        self.container = container
        self.state = Lock(State(ledger: HealthLedger(policy: policy, at: container.environment.time.now)))
    }

    /// Checks every resource in every scope and returns the answers by identity. What is not ready yet is `unknown`.
    public func checkAll() async -> [ResourceID: HealthResult] {
        let (promise, isFirst) = self.run.withLock { run in
            if let running = run { return (running, false) }
            let promise = Promise<[ResourceID: HealthResult]>()
            run = promise
            return (promise, true)
        }
        if isFirst {
            // A run serves everybody who asks while it goes on, so it must not end with the first of them.
            self.container.environment.start {
                let checks = self.container.resources().map { ($0.id, self.start($0)) }
                var results: [ResourceID: HealthResult] = [:]
                for (id, check) in checks { results[id] = await check.waitThroughCancellation() }
                self.run.withLock { $0 = nil }
                promise.fulfil(results)
            }
        }
        return await promise.waitThroughCancellation()
    }

    /// Checks one resource; nil if it is not there.
    public func check(_ id: ResourceID) async -> HealthResult? {
        guard let resource = self.container.resources().first(where: { $0.id == id }) else { return nil }
        return await self.start(resource).waitThroughCancellation()
    }

    /// Starts a check; the promise is fulfilled by its answer or at its deadline, whichever is first.
    @discardableResult
    func start(_ resource: LiveResource) -> Promise<HealthResult> {
        let promise = Promise<HealthResult>()
        let time = self.container.environment.time
        let start = time.now
        guard resource.state == .ready, let value = resource.value else {
            promise.fulfil(HealthResult(status: .unknown, message: resource.state.rawValue, probe: "none", latency: .zero, time: start))
            return promise
        }
        let probe = HealthProbe(value)
        if let earlier = self.running.withLock({ $0.updateIfAbsent(resource.id, promise) }) {
            // Within its deadline it answers for this one too; past it, another would only hang beside it.
            guard earlier.value != nil else { return earlier }
            let message = "the check before this one has not come back"
            let result = HealthResult(status: .error, message: message, probe: probe.name, latency: .zero, time: start)
            promise.fulfil(result)
            self.record(result, of: resource)
            return promise
        }
        // A check that does not come back must not keep the run: it is left behind, which a child task cannot be.
        self.container.environment.start {
            let report = await probe.run()
            self.running.withLock { $0[resource.id] = nil }
            let result = Self.result(of: report, probe, resource, since: start, at: time.now)
            if promise.fulfil(result) { self.record(result, of: resource) }
        }
        guard promise.value == nil else { return promise }
        let deadline = resource.options.healthDeadline ?? self.policy.deadline
        let registration = time.schedule(at: start + deadline) {
            let message = "no answer within \(deadline.brief)"
            let result = HealthResult(status: .error, message: message, probe: probe.name, latency: deadline, time: time.now)
            if promise.fulfil(result) { self.record(result, of: resource) }
        }
        promise.whenFulfilled { registration.cancel() }
        return promise
    }

    private static func result(
        of report: HealthReport,
        _ probe: HealthProbe,
        _ resource: LiveResource,
        since start: TimeSource.Instant,
        at now: TimeSource.Instant
    ) -> HealthResult {
        var result = HealthResult(status: report.status, message: report.message, probe: probe.name, latency: now - start, time: now)
        guard result.status == .healthy else { return result }
        if let limit = resource.options.degradedAfter, result.latency > limit {
            result.status = .degraded
            result.message = "answered after \(result.latency.brief), later than \(limit.brief)"
        } else if let key = resource.standsInFor {
            result.status = .degraded
            result.message = "stands in for \(key)"
        }
        return result
    }

    private func record(_ result: HealthResult, of resource: LiveResource) {
        // One that was disposed meanwhile has no health any more.
        guard self.container.recordHealth(result, of: resource) != nil else { return }
        self.state.withLock { state in
            state.ledger.record(
                result,
                of: resource.id,
                label: "\(resource.label)\(resource.id)",
                isCritical: resource.options.critical
            )
        }
    }

    /// The resources whose check is out beyond its deadline.
    var late: Set<ResourceID> {
        self.running.withLock { running in Set(running.filter { $0.value.value != nil }.keys) }
    }
}

extension Dictionary {
    /// Sets the value of `key` if it has none; else returns the one it has.
    fileprivate mutating func updateIfAbsent(_ key: Key, _ value: Value) -> Value? {
        if let present = self[key] { return present }
        self[key] = value
        return nil
    }
}

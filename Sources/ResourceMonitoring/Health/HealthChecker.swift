import ResourceContainer

/// Asks resources how they are, in the specification's order: health check, ping, `SELECT 1`, `health_check_key`, unknown.
///
/// Checks what is ready, in every scope, and initialises nothing. Every check has a deadline of its own, and one that hangs, throws or comes
/// late holds up no other and no later one. One run over the container goes on at a time; who asks meanwhile is given its results.
/// What the answers add up to is kept with the container and is the same for all its checkers, monitors and dashboards: the ``picture()``.
public final class HealthChecker: Sendable {
    /// How it asks, and how many answers it takes to change its mind.
    public let policy: HealthPolicy
    let container: Container
    /// What is known of the container's health, by whichever checker.
    let known: ContainerHealth
    private let run = Lock<Promise<[ResourceID: HealthResult]>?>(nil)

    /// A checker of `container` that gives each check `deadline` to answer; everything else is as in ``HealthPolicy``.
    ///
    /// A deadline below a millisecond counts as a millisecond: no check could answer within none.
    public convenience init(_ container: Container, deadline: Duration = .seconds(1)) {
        var policy = HealthPolicy()
        policy.deadline = max(deadline, .milliseconds(1))
        self.init(container, valid: policy)
    }

    /// A checker of `container` that goes by `policy`; throws for one that nothing can be checked with.
    public convenience init(_ container: Container, policy: HealthPolicy) throws(HealthPolicyError) {
        if let fault = policy.fault { throw HealthPolicyError(fault) }
        self.init(container, valid: policy)
    }

    private init(_ container: Container, valid policy: HealthPolicy) {
        self.policy = policy
        self.container = container
        self.known = .shared(container, policy: policy)
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
        self.known.adopt(self.policy)
        guard resource.state == .ready, let value = resource.value else {
            let state = resource.state.rawValue
            promise.fulfil(HealthResult(status: .unknown, message: state, probe: HealthResult.noProbe, latency: .zero, time: start))
            return promise
        }
        let probe = HealthProbe(value)
        if let earlier = self.known.running.withLock({ $0.updateIfAbsent(resource.id, promise) }) {
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
            self.known.running.withLock { $0[resource.id] = nil }
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
        let canStandIn = result.status == .healthy || probe.name == HealthResult.noProbe
        if result.status == .healthy, let limit = resource.options.degradedAfter, result.latency > limit {
            result.status = .degraded
            result.message = "answered after \(result.latency.brief), later than \(limit.brief)"
        } else if canStandIn, let key = resource.standsInFor {
            result.status = .degraded
            result.message = "stands in for \(key)"
        }
        return result
    }

    private func record(_ result: HealthResult, of resource: LiveResource) {
        let isThere = self.container.recordHealth(result, of: resource) != nil
        // What has nothing to be asked has said nothing.
        if result.probe == HealthResult.noProbe { return }
        self.known.state.withLock { state in
            if isThere {
                let interval = state.ledger.policy.interval
                state.ledger.record(result, of: HealthSubject(resource, hasProbe: true, interval: interval))
            } else if !state.ledger.record(result, ofLast: resource.binding) {
                // It was disposed meanwhile and has no health any more; the next of its binding is asked as soon as it comes.
                state.asked.remove(resource.binding)
            }
        }
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

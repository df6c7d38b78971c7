import ResourceContainer

/// A checker of the health of a container's resources.
///
/// It checks the ready resources in every scope and never initializes any. A resource is checked with the first protocol it conforms to:
/// `HealthCheckable`, `Pingable`, `StatementExecuting` (`SELECT 1`), or `KeyReadable` (the key `health_check_key`). Every check has its own
/// deadline; a check that hangs, throws, or is late delays no other check. The settled statuses are kept with the container and are the
/// same for all its checkers, monitors, and dashboards: see ``picture()``.
public final class HealthChecker: Sendable {
    /// The timing of the checks, and the numbers of answers that change a status.
    public let policy: HealthPolicy
    let container: Container
    /// The container's health, shared by all its checkers.
    let known: ContainerHealth
    private let run = Lock<Promise<[ResourceID: HealthResult]>?>(nil)

    /// Creates a checker with the default ``HealthPolicy`` and the given deadline.
    ///
    /// - Parameters:
    ///   - container: The container whose resources are checked.
    ///   - deadline: The longest duration of a check; values below 1 ms count as 1 ms.
    public convenience init(_ container: Container, deadline: Duration = .seconds(1)) {
        var policy = HealthPolicy()
        policy.deadline = max(deadline, .milliseconds(1))
        self.init(container, valid: policy)
    }

    /// Creates a checker with a policy.
    ///
    /// - Throws: ``HealthPolicyError`` if a value of `policy` is out of range.
    public convenience init(_ container: Container, policy: HealthPolicy) throws(HealthPolicyError) {
        if let fault = policy.fault { throw HealthPolicyError(fault) }
        self.init(container, valid: policy)
    }

    private init(_ container: Container, valid policy: HealthPolicy) {
        self.policy = policy
        self.container = container
        self.known = .shared(container, policy: policy)
    }

    /// Checks every resource in every scope once and returns the results by identity.
    ///
    /// A resource that is not ready has the result `unknown`. Concurrent calls share one run and its results. The method ignores
    /// cancellation; it returns within the longest deadline.
    public func checkAll() async -> [ResourceID: HealthResult] {
        let (promise, isFirst) = self.run.withLock { run in
            if let running = run { return (running, false) }
            let promise = Promise<[ResourceID: HealthResult]>()
            run = promise
            return (promise, true)
        }
        if isFirst {
            // The run serves all concurrent callers, so it must not end with the first caller's task.
            self.container.environment.start {
                let checks = self.container.resources().map { ($0.id, self.start($0)) }
                var results: [ResourceID: HealthResult] = [:]
                for (id, check) in checks { results[id] = await check.waitThroughCancellation() }
                self.run.withLock { $0 = nil }
                promise.fulfill(results)
            }
        }
        return await promise.waitThroughCancellation()
    }

    /// Checks one resource and returns the result; nil if the resource does not exist.
    public func check(_ id: ResourceID) async -> HealthResult? {
        guard let resource = self.container.resources().first(where: { $0.id == id }) else { return nil }
        return await self.start(resource).waitThroughCancellation()
    }

    /// Starts a check. The promise is fulfilled with its answer or at its deadline, whichever is first.
    @discardableResult
    func start(_ resource: LiveResource) -> Promise<HealthResult> {
        let promise = Promise<HealthResult>()
        let time = self.container.environment.time
        let start = time.now
        self.known.adopt(self.policy)
        guard resource.state == .ready, let value = resource.value else {
            let state = resource.state.rawValue
            promise.fulfill(HealthResult(status: .unknown, message: state, probe: HealthResult.noProbe, latency: .zero, time: start))
            return promise
        }
        let probe = HealthProbe(value)
        if let earlier = self.known.running.withLock({ $0.updateIfAbsent(resource.id, promise) }) {
            // Within its deadline, the running check answers for this one too. Beyond it, another check would also hang.
            guard earlier.value != nil else { return earlier }
            let message = "the previous check is still running"
            let result = HealthResult(status: .error, message: message, probe: probe.name, latency: .zero, time: start)
            promise.fulfill(result)
            self.record(result, of: resource)
            return promise
        }
        // A separate task: a check that does not return must not block the run, and a child task would.
        self.container.environment.start {
            let report = await probe.run()
            self.known.running.withLock { $0[resource.id] = nil }
            let result = Self.result(of: report, probe, resource, since: start, at: time.now)
            if promise.fulfill(result) { self.record(result, of: resource) }
        }
        guard promise.value == nil else { return promise }
        let deadline = resource.options.healthDeadline ?? self.policy.deadline
        let registration = time.schedule(at: start + deadline) {
            let message = "no answer within \(deadline.brief)"
            let result = HealthResult(status: .error, message: message, probe: probe.name, latency: deadline, time: time.now)
            if promise.fulfill(result) { self.record(result, of: resource) }
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
        let canBeFallback = result.status == .healthy || probe.name == HealthResult.noProbe
        if result.status == .healthy, let limit = resource.options.degradedAfter, result.latency > limit {
            result.status = .degraded
            result.message = "answered after \(result.latency.brief), later than \(limit.brief)"
        } else if canBeFallback, let key = resource.fallbackFor {
            result.status = .degraded
            result.message = "fallback for \(key)"
        }
        return result
    }

    private func record(_ result: HealthResult, of resource: LiveResource) {
        let isThere = self.container.recordHealth(result, of: resource) != nil
        // A resource without a health check has no answer.
        if result.probe == HealthResult.noProbe { return }
        self.known.state.withLock { state in
            if isThere {
                let interval = state.ledger.policy.interval
                state.ledger.record(result, of: HealthSubject(resource, hasProbe: true, interval: interval))
            } else if !state.ledger.record(result, ofLast: resource.binding) {
                // It was disposed during the check and has no health. The next instance of its binding is checked at once.
                state.asked.remove(resource.binding)
            }
        }
    }
}

extension Dictionary {
    /// Sets the value of `key` if it has none; otherwise returns the existing value.
    fileprivate mutating func updateIfAbsent(_ key: Key, _ value: Value) -> Value? {
        if let present = self[key] { return present }
        self[key] = value
        return nil
    }
}

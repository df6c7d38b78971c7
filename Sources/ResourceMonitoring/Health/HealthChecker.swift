import ResourceContainer

/// Asks resources how they are, in the specification's order: health check, ping, `SELECT 1`, `health_check_key`, unknown.
///
/// Checks what is ready and initialises nothing. Every check has a deadline of its own, and one that hangs holds up no other. One run over
/// the container goes on at a time; who asks meanwhile is given its results. Results are stored with the resources, and a change of
/// status is an event.
public final class HealthChecker: Sendable {
    private let container: Container
    private let deadline: Duration
    private let run = Lock<Promise<[ResourceID: HealthResult]>?>(nil)
    /// The resources whose check has not come back, past its deadline or not: none is asked twice at a time.
    private let running = Lock<[ResourceID: Promise<HealthResult>]>([:])

    /// A checker of `container` that gives each check `deadline` to answer.
    public init(_ container: Container, deadline: Duration = .seconds(1)) {
        self.container = container
        self.deadline = deadline
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
    private func start(_ resource: LiveResource) -> Promise<HealthResult> {
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
            promise.fulfil(HealthResult(status: .error, message: message, probe: probe.name, latency: .zero, time: start))
            return promise
        }
        // A check that does not come back must not keep the run: it is left behind, which a child task cannot be.
        self.container.environment.start {
            let report = await probe.run()
            self.running.withLock { $0[resource.id] = nil }
            let now = time.now
            var result = HealthResult(
                status: report.status,
                message: report.message,
                probe: probe.name,
                latency: now - start,
                time: now
            )
            if result.status == .healthy, let limit = resource.degradedAfter, result.latency > limit {
                result.status = .degraded
                result.message = "answered after \(result.latency), later than \(limit)"
            }
            if promise.fulfil(result) { self.container.recordHealth(result, of: resource) }
        }
        guard promise.value == nil else { return promise }
        let registration = time.schedule(at: start + self.deadline) {
            let result = HealthResult(
                status: .error,
                message: "no answer within \(self.deadline)",
                probe: probe.name,
                latency: self.deadline,
                time: time.now
            )
            if promise.fulfil(result) { self.container.recordHealth(result, of: resource) }
        }
        promise.whenFulfilled { registration.cancel() }
        return promise
    }
}

/// How one value is asked for its health.
enum HealthProbe: Sendable {
    case healthCheck(any HealthCheckable)
    case ping(any Pingable)
    case execute(any StatementExecuting)
    case get(any KeyReadable)
    case none

    init(_ value: any Sendable) {
        if let value = value as? any HealthCheckable {
            self = .healthCheck(value)
        } else if let value = value as? any Pingable {
            self = .ping(value)
        } else if let value = value as? any StatementExecuting {
            self = .execute(value)
        } else if let value = value as? any KeyReadable {
            self = .get(value)
        } else {
            self = .none
        }
    }

    /// The specification's name of the step.
    var name: String {
        switch self {
        case .healthCheck: "health_check"
        case .ping: "ping"
        case .execute: "execute"
        case .get: "get"
        case .none: "none"
        }
    }

    /// Asks. A throw of the first two is an `error`: the check failed. A throw of a probe is `unhealthy`: the resource failed.
    func run() async -> HealthReport {
        switch self {
        case .healthCheck(let value):
            do { return try await value.healthCheck() } catch { return HealthReport(.error, String(describing: error)) }
        case .ping(let value):
            do { try await value.ping() } catch { return HealthReport(.error, String(describing: error)) }
        case .execute(let value):
            do { try await value.execute("SELECT 1") } catch { return HealthReport(.unhealthy, String(describing: error)) }
        case .get(let value):
            do { try await value.probe(key: "health_check_key") } catch { return HealthReport(.unhealthy, String(describing: error)) }
        case .none:
            return HealthReport(.unknown, "no health check available")
        }
        return HealthReport(.healthy)
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

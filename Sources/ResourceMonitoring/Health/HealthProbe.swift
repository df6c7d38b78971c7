import ResourceContainer

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
        UserCode.begins()
        switch self {
        case .healthCheck(let value):
            do { return try await value.healthCheck() } catch { return HealthReport(.error, UserCode.text(of: error)) }
        case .ping(let value):
            do { try await value.ping() } catch { return HealthReport(.error, UserCode.text(of: error)) }
        case .execute(let value):
            do { try await value.execute("SELECT 1") } catch { return HealthReport(.unhealthy, UserCode.text(of: error)) }
        case .get(let value):
            do { try await value.probe(key: "health_check_key") } catch { return HealthReport(.unhealthy, UserCode.text(of: error)) }
        case .none:
            return HealthReport(.unknown, "no health check available")
        }
        return HealthReport(.healthy)
    }
}

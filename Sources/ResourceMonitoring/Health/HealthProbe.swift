import ResourceContainer

/// The way to check the health of a value.
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

    /// The probe's name in results.
    var name: String {
        switch self {
        case .healthCheck: "health_check"
        case .ping: "ping"
        case .execute: "execute"
        case .get: "get"
        case .none: "none"
        }
    }

    /// Runs the check.
    ///
    /// An error from a health check or a ping is reported as `error`: the check failed. An error from a statement or a key read is reported
    /// as `unhealthy`: the resource failed.
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

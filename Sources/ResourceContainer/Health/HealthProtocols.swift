/// What a resource says of its own health: the first thing a health check asks for.
public struct HealthReport: Sendable, Hashable {
    /// How it is.
    public var status: HealthStatus
    /// Why, if there is something to say.
    public var message: String?

    public init(_ status: HealthStatus, _ message: String? = nil) {
        self.status = status
        self.message = message
    }
}

/// A resource that can tell its own health (the specification's `health_check`). A throw counts as `error`.
public protocol HealthCheckable: Sendable {
    /// How this resource is.
    func healthCheck() async throws -> HealthReport
}

/// A resource that can be pinged (the specification's `ping`). A throw counts as `error`.
public protocol Pingable: Sendable {
    /// Returns if the resource answers.
    func ping() async throws
}

/// A resource that runs statements; it is probed with `SELECT 1` (the specification's `execute`). A throw counts as `unhealthy`.
public protocol StatementExecuting: Sendable {
    /// Runs `statement` for its effect.
    func execute(_ statement: String) async throws
}

/// A resource that looks values up by key; it is probed with `health_check_key` (the specification's `get`). A throw counts as `unhealthy`.
public protocol KeyReadable: Sendable {
    /// Looks `key` up; what is found does not matter.
    func probe(key: String) async throws
}

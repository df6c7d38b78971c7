/// The health that a resource reports about itself. Health checks prefer it over the other health protocols.
public struct HealthReport: Sendable, Hashable {
    /// The status of the resource.
    public var status: HealthStatus
    /// The reason for the status; nil if there is none.
    public var message: String?

    /// Creates a report with an optional reason.
    public init(_ status: HealthStatus, _ message: String? = nil) {
        self.status = status
        self.message = message
    }
}

/// A resource that reports its own health. A thrown error counts as ``HealthStatus/error``.
public protocol HealthCheckable: Sendable {
    /// Returns the health of this resource. The check must be safe to run beside other uses of the resource.
    func healthCheck() async throws -> HealthReport
}

/// A resource that can be pinged. A thrown error counts as ``HealthStatus/error``.
public protocol Pingable: Sendable {
    /// Returns if the resource responds, and throws otherwise.
    func ping() async throws
}

/// A resource that runs statements. Health checks run `SELECT 1`; a thrown error counts as ``HealthStatus/unhealthy``.
public protocol StatementExecuting: Sendable {
    /// Runs `statement` and discards its result.
    func execute(_ statement: String) async throws
}

/// A resource that looks up values by key. Health checks look up `health_check_key`; a thrown error counts as ``HealthStatus/unhealthy``.
public protocol KeyReadable: Sendable {
    /// Looks up `key` and ignores the result, including a missing value.
    func probe(key: String) async throws
}

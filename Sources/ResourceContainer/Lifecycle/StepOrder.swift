/// The degree of concurrency with which resources go through a lifecycle step: initialization at the start of a container, or disposal at
/// the close of a scope.
public struct StepOrder: Hashable, Sendable {
    /// The maximum number of resources that are in the step at the same time. 1 means serial.
    public let limit: Int

    /// One resource at a time. This order respects dependencies that the container does not know: a resource is disposed after those that
    /// became ready later.
    public static let serial = StepOrder(limit: 1)

    /// Up to `limit` resources at a time, as far as the known dependencies allow. The container knows the dependencies that an instance
    /// resolved while it was created, or later through its `Resolver`. The container disposes a
    /// dependency only after the disposes of its dependents have ended.
    ///
    /// - Parameter limit: The maximum number of resources in the step. Values below 1 count as 1.
    public static func concurrent(limit: Int) -> StepOrder {
        StepOrder(limit: max(1, limit))
    }

    private init(limit: Int) {
        self.limit = limit
    }

    /// Whether at most one resource is in the step at a time.
    public var isSerial: Bool {
        self.limit == 1
    }
}

/// An order is encoded as its limit.
extension StepOrder: Codable {
    /// Decodes an order from its limit.
    public init(from decoder: any Decoder) throws {
        self = .concurrent(limit: try decoder.singleValueContainer().decode(Int.self))
    }

    /// Encodes the limit.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.limit)
    }
}

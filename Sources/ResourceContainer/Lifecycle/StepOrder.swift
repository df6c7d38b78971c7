/// Whether several resources go through a step of their lifecycle - being initialized when a container starts, being disposed when a scope
/// closes - one after the other or side by side.
public struct StepOrder: Hashable, Sendable {
    /// How many may be in the step at the same time; 1 for one after the other.
    public let limit: Int

    /// One after the other. In this order a resource may rely on another that it never asked the container for: what became ready before
    /// it is disposed after it.
    public static let serial = StepOrder(limit: 1)

    /// Side by side, as far as the dependencies that the container knows of allow: those that were asked for while a resource was made, or
    /// later through the `Resolver` it was made with. A dependent's dispose has ended before its dependency's begins.
    ///
    /// - Parameter limit: how many may be in the step at the same time. A limit below 1 counts as 1.
    public static func concurrent(limit: Int) -> StepOrder {
        StepOrder(limit: max(1, limit))
    }

    private init(limit: Int) {
        self.limit = limit
    }

    /// Whether no two resources are in the step at the same time.
    public var isSerial: Bool {
        self.limit == 1
    }
}

/// As text, an order is its limit.
extension StepOrder: Codable {
    public init(from decoder: any Decoder) throws {
        self = .concurrent(limit: try decoder.singleValueContainer().decode(Int.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.limit)
    }
}

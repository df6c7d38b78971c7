/// A duration that stands as whole nanoseconds in JSON, as instants do, and not as the two halves of its attoseconds.
@propertyWrapper
public struct InNanoseconds: Hashable, Sendable, Codable {
    /// The duration.
    public var wrappedValue: Duration

    /// This duration.
    @inlinable
    public init(wrappedValue: Duration) {
        self.wrappedValue = wrappedValue
    }

    public init(from decoder: any Decoder) throws {
        self.wrappedValue = .nanoseconds(try decoder.singleValueContainer().decode(Int64.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.wrappedValue.wholeNanoseconds)
    }
}

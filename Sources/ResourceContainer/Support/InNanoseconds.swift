/// A property wrapper that encodes a `Duration` as whole nanoseconds, instead of as the two halves of its attoseconds.
///
/// Durations outside ±292 years saturate when they are encoded.
@propertyWrapper
public struct InNanoseconds: Hashable, Sendable, Codable {
    /// The wrapped duration.
    public var wrappedValue: Duration

    /// Wraps `wrappedValue`.
    @inlinable
    public init(wrappedValue: Duration) {
        self.wrappedValue = wrappedValue
    }

    /// Decodes a duration from an integer of nanoseconds.
    public init(from decoder: any Decoder) throws {
        self.wrappedValue = .nanoseconds(try decoder.singleValueContainer().decode(Int64.self))
    }

    /// Encodes the duration as an integer of nanoseconds, rounded toward zero.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.wrappedValue.wholeNanoseconds)
    }
}

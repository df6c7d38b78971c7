/// The source of randomness for jitter, back-off and simulated failures.
///
/// ``system`` is the system's generator. A simulation supplies a seeded source, which makes a run exactly repeatable.
public struct RandomSource: RandomNumberGenerator, Sendable {
    private let generate: @Sendable () -> UInt64

    /// Creates a source that draws every value from `generate`.
    public init(_ generate: @escaping @Sendable () -> UInt64) {
        self.generate = generate
    }

    /// The system's random number generator.
    public static let system = RandomSource { UInt64.random(in: .min ... .max) }

    /// Returns the next random value.
    public func next() -> UInt64 {
        self.generate()
    }
}

/// Where jitter, back-off and simulated failures take their randomness from.
///
/// ``system`` is the machine's generator; a simulation hands out a seeded one, so that a run can be repeated exactly.
public struct RandomSource: RandomNumberGenerator, Sendable {
    private let generate: @Sendable () -> UInt64

    /// A source that draws every value from `generate`.
    public init(_ generate: @escaping @Sendable () -> UInt64) {
        self.generate = generate
    }

    /// The machine's generator.
    public static let system = RandomSource { UInt64.random(in: .min ... .max) }

    public func next() -> UInt64 {
        self.generate()
    }
}

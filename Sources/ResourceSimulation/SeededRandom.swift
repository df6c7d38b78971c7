import ResourceContainer

/// A random number generator whose values follow from its seed: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). It is not
/// cryptographically secure.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator with `seed`.
    public init(seed: UInt64) {
        self.state = seed
    }

    /// The next value of the sequence.
    public mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

extension RandomSource {
    /// A random source with one seeded sequence, shared by all copies of the source.
    public static func seeded(_ seed: UInt64) -> RandomSource {
        let generator = SharedRandom(seed: seed)
        return RandomSource { generator.next() }
    }
}

private final class SharedRandom: Sendable {
    private let generator: Lock<SeededRandom>

    init(seed: UInt64) {
        self.generator = Lock(SeededRandom(seed: seed))
    }

    func next() -> UInt64 {
        self.generator.withLock { $0.next() }
    }
}

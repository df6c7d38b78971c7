#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How much a test does: enough for every change, or all of it when the environment variable `RESMON_SOAK` is set.
enum Soak {
    static let isOn = getenv("RESMON_SOAK") != nil

    static func count<Number: BinaryInteger>(_ usual: Number, full: Number) -> Number {
        self.isOn ? full : usual
    }
}

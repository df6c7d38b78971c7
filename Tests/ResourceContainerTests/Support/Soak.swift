#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The extent of a test: enough for every change, or the full extent if the environment variable `RESMON_SOAK` is set.
enum Soak {
    static let isOn = getenv("RESMON_SOAK") != nil

    static func count<Number: BinaryInteger>(_ usual: Number, full: Number) -> Number {
        self.isOn ? full : usual
    }
}

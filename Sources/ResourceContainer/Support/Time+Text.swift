extension InNanoseconds: CustomStringConvertible {
    public var description: String {
        self.wrappedValue.description
    }
}

extension TimeSource.Instant: CustomStringConvertible {
    public var description: String {
        "\(Duration.nanoseconds(self.nanoseconds))"
    }
}

extension DurationBuckets: CustomStringConvertible {
    /// The count and three quantiles in one line.
    public var description: String {
        if self.total == 0 { return "none" }
        let quantiles = [0.5, 0.95, 1].map { self.quantile($0).shortText }
        return "\(self.total): half of them up to \(quantiles[0]), 95 % up to \(quantiles[1]), all up to \(quantiles[2])"
    }
}

extension InNanoseconds: CustomStringConvertible {
    /// The duration as `Duration` describes itself.
    public var description: String {
        self.wrappedValue.description
    }
}

extension TimeSource.Instant: CustomStringConvertible {
    /// The time since the origin of the time source, as a duration.
    public var description: String {
        "\(Duration.nanoseconds(self.nanoseconds))"
    }
}

extension DurationBuckets: CustomStringConvertible {
    /// The count, the median, the 95th percentile and the maximum in one line.
    public var description: String {
        if self.total == 0 { return "none" }
        let quantiles = [0.5, 0.95, 1].map { self.quantile($0).brief }
        return "\(self.total): 50 % up to \(quantiles[0]), 95 % up to \(quantiles[1]), all up to \(quantiles[2])"
    }
}

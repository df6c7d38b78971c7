/// Saturating arithmetic for values read from a file or entered by a user: a result beyond the range of the type becomes the nearest bound,
/// and nothing traps.
extension FixedWidthInteger {
    /// Returns the sum, clamped to the range of the type.
    @inlinable
    package func addingSaturated(_ other: Self) -> Self {
        let (sum, overflow) = self.addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    /// Returns the difference, clamped to the range of the type.
    @inlinable
    package func subtractingSaturated(_ other: Self) -> Self {
        let (difference, overflow) = self.subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }

    /// Returns the product, clamped to the range of the type.
    @inlinable
    package func multipliedSaturated(by other: Self) -> Self {
        let (product, overflow) = self.multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }

    /// Adds `other`, clamped to the range of the type.
    @inlinable
    package mutating func addSaturated(_ other: Self) {
        self = self.addingSaturated(other)
    }

    /// Subtracts `other`, clamped to the range of the type.
    @inlinable
    package mutating func subtractSaturated(_ other: Self) {
        self = self.subtractingSaturated(other)
    }
}

extension Int64 {
    /// Creates the integer part of `value`, clamped to the range of `Int64`; NaN becomes 0.
    package init(saturating value: Double) {
        // Every `Double` below 2^63 converts: near the bounds a `Double` is coarser than an `Int64`.
        self = value.isNaN ? 0 : value >= 0x1p63 ? .max : value < -0x1p63 ? .min : Int64(value)
    }
}

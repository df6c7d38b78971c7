/// Arithmetic on figures that come from a file or from a person: a result beyond the ends of the type is the nearest end, and nothing traps.
extension FixedWidthInteger {
    /// The sum, or the end of the scale that it lies beyond.
    @inlinable
    package func addingSaturated(_ other: Self) -> Self {
        let (sum, overflow) = self.addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, or the end of the scale that it lies beyond.
    @inlinable
    package func subtractingSaturated(_ other: Self) -> Self {
        let (difference, overflow) = self.subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }

    /// The product, or the end of the scale that it lies beyond.
    @inlinable
    package func multipliedSaturated(by other: Self) -> Self {
        let (product, overflow) = self.multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }

    /// Adds `other`, and stays at the end of the scale.
    @inlinable
    package mutating func addSaturated(_ other: Self) {
        self = self.addingSaturated(other)
    }

    /// Subtracts `other`, and stays at the end of the scale.
    @inlinable
    package mutating func subtractSaturated(_ other: Self) {
        self = self.subtractingSaturated(other)
    }
}

extension Int64 {
    /// The whole part of a number, or the end of the scale that it lies beyond; 0 for what is no number.
    package init(saturating value: Double) {
        // Near its ends a Double is coarser than an Int64: its largest values below 2^63 convert.
        self = value.isNaN ? 0 : value >= 0x1p63 ? .max : value < -0x1p63 ? .min : Int64(value)
    }
}

/// The clock of a container, a pool or a monitor: the current time, and deadlines.
///
/// Time is monotonic. ``system`` reads the system's monotonic clock; a simulation supplies a time source that it advances itself. The type
/// is a concrete value because `any Clock` does no arithmetic on its instants, and a generic clock would appear in every signature.
public struct TimeSource: Sendable {
    /// A point in time on a time source: nanoseconds since an arbitrary origin.
    public struct Instant: Hashable, Comparable, Sendable, Codable {
        /// Nanoseconds since the origin of the time source.
        public var nanoseconds: Int64

        /// Creates the instant `nanoseconds` after the origin.
        @inlinable
        public init(nanoseconds: Int64) {
            self.nanoseconds = nanoseconds
        }

        /// Decodes an instant from an integer of nanoseconds.
        public init(from decoder: any Decoder) throws {
            self.init(nanoseconds: try decoder.singleValueContainer().decode(Int64.self))
        }

        /// Encodes the instant as an integer of nanoseconds.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(self.nanoseconds)
        }

        /// Whether `left` is earlier than `right`.
        @inlinable
        public static func < (left: Instant, right: Instant) -> Bool {
            left.nanoseconds < right.nanoseconds
        }

        /// The nanoseconds from `earlier` to this instant, saturating. Avoids `Duration`, whose 128-bit division costs more than recording
        /// an event.
        @inlinable
        func nanoseconds(since earlier: Instant) -> Int64 {
            let (difference, overflow) = self.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
            return overflow ? (earlier.nanoseconds < 0 ? .max : .min) : difference
        }

        /// Returns the instant `right` after `left`; saturates at the ends of the scale.
        public static func + (left: Instant, right: Duration) -> Instant {
            let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.wholeNanoseconds)
            return Instant(nanoseconds: overflow ? (right < .zero ? .min : .max) : sum)
        }

        /// Returns the time from `right` to `left`; saturates at 292 years.
        @inlinable
        public static func - (left: Instant, right: Instant) -> Duration {
            .nanoseconds(left.nanoseconds(since: right))
        }
    }

    /// A registered deadline, which ``cancel()`` removes.
    public struct Deadline: Sendable {
        private let onCancel: @Sendable () -> Void

        /// Creates a deadline that `onCancel` removes. `onCancel` must be safe to call more than once and after the deadline has passed.
        public init(onCancel: @escaping @Sendable () -> Void) {
            self.onCancel = onCancel
        }

        /// Removes the registration. Does nothing if the deadline has passed.
        public func cancel() {
            self.onCancel()
        }
    }

    private let readNow: @Sendable () -> Instant
    private let register: @Sendable (Instant, @escaping @Sendable () -> Void) -> Deadline

    /// Creates a time source from a clock and a function that registers deadlines.
    ///
    /// - Parameters:
    ///   - now: Returns the current instant; must never go backward.
    ///   - register: Calls the closure once, at or after the given instant, unless the deadline is canceled first.
    public init(
        now: @escaping @Sendable () -> Instant,
        register: @escaping @Sendable (Instant, @escaping @Sendable () -> Void) -> Deadline
    ) {
        self.readNow = now
        self.register = register
    }

    /// The current instant. Monotonic; about 30 ns on the system's clock.
    public var now: Instant {
        self.readNow()
    }

    /// Calls `operation` once at or after `instant`, on a thread that the time source chooses, unless the deadline is canceled first.
    ///
    /// `operation` must be short and must not block.
    public func schedule(at instant: Instant, _ operation: @escaping @Sendable () -> Void) -> Deadline {
        self.register(instant, operation)
    }
}

extension Duration {
    /// This duration in seconds.
    package var inSeconds: Double {
        Double(self.wholeNanoseconds) / 1e9
    }

    /// This duration in whole nanoseconds, rounded toward zero; saturates at the bounds of `Int64` (292 years).
    package var wholeNanoseconds: Int64 {
        // `components` traps if the number of seconds exceeds `Int64`.
        Int64(clamping: self.attoseconds / 1_000_000_000)
    }

    /// Returns this duration times `factor`, in whole nanoseconds; saturates at the bounds of `Int64`, where `*` traps.
    package func saturating(times factor: Int64) -> Duration {
        let nanoseconds = self.wholeNanoseconds
        let (product, overflow) = nanoseconds.multipliedReportingOverflow(by: factor)
        return .nanoseconds(overflow ? ((nanoseconds < 0) == (factor < 0) ? Int64.max : Int64.min) : product)
    }

    /// Returns this duration times a fractional `factor`; saturates at the bounds of `Int64`. A factor of NaN counts as 0.
    package func saturating(times factor: Double) -> Duration {
        let product = Double(self.wholeNanoseconds) * factor
        if product.isNaN { return .zero }
        // `Int64.max` has no exact `Double`: values of 2^63 and above saturate.
        if product >= 0x1p63 { return .nanoseconds(Int64.max) }
        return .nanoseconds(product <= -0x1p63 ? Int64.min : Int64(product))
    }
}

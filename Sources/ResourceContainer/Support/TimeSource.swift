/// Where a container, a pool and a monitor take their time from: a monotonic clock and a way to be called at a moment.
///
/// A small value instead of `any Clock`, which cannot do arithmetic on its instants, and instead of a generic clock, which would
/// appear in every signature. ``system`` is the machine's monotonic clock; a simulation hands out one that is moved by hand.
public struct TimeSource: Sendable {
    /// A moment on this time source's scale: nanoseconds since an origin that means nothing by itself.
    public struct Instant: Hashable, Comparable, Sendable, Codable {
        /// Nanoseconds since the origin of the time source.
        public var nanoseconds: Int64

        /// The moment `nanoseconds` after the origin.
        @inlinable
        public init(nanoseconds: Int64) {
            self.nanoseconds = nanoseconds
        }

        /// As text an instant is its nanoseconds.
        public init(from decoder: any Decoder) throws {
            self.init(nanoseconds: try decoder.singleValueContainer().decode(Int64.self))
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(self.nanoseconds)
        }

        @inlinable
        public static func < (left: Instant, right: Instant) -> Bool {
            left.nanoseconds < right.nanoseconds
        }

        /// The nanoseconds from `earlier` to this moment. A `Duration` is 128 bits wide, and dividing one costs more than an event.
        @inlinable
        func nanoseconds(since earlier: Instant) -> Int64 {
            let (difference, overflow) = self.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
            return overflow ? (earlier.nanoseconds < 0 ? .max : .min) : difference
        }

        /// The moment `duration` later; saturates at the ends of the scale.
        public static func + (left: Instant, right: Duration) -> Instant {
            let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.wholeNanoseconds)
            return Instant(nanoseconds: overflow ? (right < .zero ? .min : .max) : sum)
        }

        /// The time from `right` to `left`; saturates at 292 years.
        @inlinable
        public static func - (left: Instant, right: Instant) -> Duration {
            .nanoseconds(left.nanoseconds(since: right))
        }
    }

    /// What registering a deadline returns: ``cancel()`` takes the registration back.
    public struct Deadline: Sendable {
        private let onCancel: @Sendable () -> Void

        /// A registration that is taken back by `onCancel`, which must be safe to call more than once and after the deadline.
        public init(onCancel: @escaping @Sendable () -> Void) {
            self.onCancel = onCancel
        }

        /// Takes the registration back; nothing happens if the deadline has passed.
        public func cancel() {
            self.onCancel()
        }
    }

    private let readNow: @Sendable () -> Instant
    private let register: @Sendable (Instant, @escaping @Sendable () -> Void) -> Deadline

    /// A time source made of a clock and a way to register deadlines.
    ///
    /// - Parameters:
    ///   - now: the present moment; never goes backwards.
    ///   - register: calls the closure once at or after the given moment, unless the registration was cancelled before.
    public init(
        now: @escaping @Sendable () -> Instant,
        register: @escaping @Sendable (Instant, @escaping @Sendable () -> Void) -> Deadline
    ) {
        self.readNow = now
        self.register = register
    }

    /// The present moment. Monotonic; about 30 ns on the system's clock.
    public var now: Instant {
        self.readNow()
    }

    /// Calls `operation` once when `instant` has come, on a thread of the time source's choosing, unless cancelled before.
    ///
    /// `operation` must be short and must not block.
    public func schedule(at instant: Instant, _ operation: @escaping @Sendable () -> Void) -> Deadline {
        self.register(instant, operation)
    }
}

extension Duration {
    /// This duration in whole nanoseconds, rounded towards zero; saturates at the ends of `Int64` (292 years).
    public var wholeNanoseconds: Int64 {
        // Not by the components, which trap on a duration of more seconds than there are numbers for.
        Int64(clamping: self.attoseconds / 1_000_000_000)
    }

    /// This duration `factor` times, in whole nanoseconds; saturates at the ends of `Int64`, where `*` traps.
    package func saturating(times factor: Int64) -> Duration {
        let nanoseconds = self.wholeNanoseconds
        let (product, overflow) = nanoseconds.multipliedReportingOverflow(by: factor)
        return .nanoseconds(overflow ? ((nanoseconds < 0) == (factor < 0) ? Int64.max : Int64.min) : product)
    }

    /// This duration `factor` times, for a factor that has a fraction; saturates at the ends of `Int64`. A factor that is no number counts as 0.
    package func saturating(times factor: Double) -> Duration {
        let product = Double(self.wholeNanoseconds) * factor
        if product.isNaN { return .zero }
        // The greatest `Int64` has no exact `Double`: what is not below 2^63 saturates.
        if product >= 0x1p63 { return .nanoseconds(Int64.max) }
        return .nanoseconds(product <= -0x1p63 ? Int64.min : Int64(product))
    }
}

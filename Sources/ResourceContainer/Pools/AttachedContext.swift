import Synchronization

/// The context of the container in which a pool is bound: written once, read with one atomic load per lease.
///
/// Like `AtomicLazyReference`, whose `load` runs unspecialized library code and costs as much as the rest of a lease.
final class AttachedContext: Sendable {
    private final class Box: Sendable {
        let context: ResourceContext

        init(_ context: ResourceContext) {
            self.context = context
        }
    }

    /// The address of a retained box; 0 until a context is stored.
    private let address = Atomic<UInt>(0)

    /// Stores `context` unless one is already stored.
    func store(_ context: ResourceContext) {
        let box = Unmanaged.passRetained(Box(context))
        let address = UInt(bitPattern: box.toOpaque())
        if self.address.compareExchange(expected: 0, desired: address, ordering: .acquiringAndReleasing).exchanged { return }
        box.release()
    }

    @inline(__always)
    private var box: Unmanaged<Box>? {
        UnsafeRawPointer(bitPattern: self.address.load(ordering: .acquiring)).map { Unmanaged.fromOpaque($0) }
    }

    var context: ResourceContext? {
        self.box?.takeUnretainedValue().context
    }

    @inline(__always)
    var callersScope: ScopeID? {
        self.box?._withUnsafeGuaranteedRef { $0.context.callersScope }
    }

    /// The tracer of the container.
    var tracer: (any OperationTracer)? {
        self.box?._withUnsafeGuaranteedRef { $0.context.tracer }
    }

    /// The function of the container that returns the trace of the calling task.
    var traceID: (@Sendable () -> TraceID?)? {
        self.box?._withUnsafeGuaranteedRef { $0.context.traceID }
    }

    @inline(__always)
    func noteActivity() {
        self.box?._withUnsafeGuaranteedRef { $0.context.noteActivity() }
    }

    deinit {
        self.box?.release()
    }
}

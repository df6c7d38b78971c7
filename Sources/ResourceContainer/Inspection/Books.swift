/// The count of what became of instances: overall, of one binding, or of one scope.
///
/// At every event `created = active + disposed + initFailed + abandoned` (``isBalanced``). Values that the container neither
/// makes nor disposes (aliases, `owned: false`) are not counted.
public struct Books: Hashable, Sendable, Codable {
    /// Instances begun, whatever became of them.
    public var created = 0
    /// Instances whose initialisation is running.
    public var initialising = 0
    /// Instances in use.
    public var ready = 0
    /// Instances whose dispose is running.
    public var disposing = 0
    /// Instances disposed, also when their dispose threw.
    public var disposed = 0
    /// Instances whose initialisation failed.
    public var initFailed = 0
    /// Instances that did not come back from their initialise or dispose within its budget.
    public var abandoned = 0
    /// Errors besides: failed initialisations, disposes that threw, abandonments, and errors that resources reported.
    public var errors = 0

    /// All zero.
    public init() {}

    /// Instances that are initialising, ready or disposing.
    public var active: Int {
        self.initialising &+ self.ready &+ self.disposing
    }

    /// Whether everything created is accounted for.
    public var isBalanced: Bool {
        // Figures may come from elsewhere, and be anything.
        self.created == self.active &+ self.disposed &+ self.initFailed &+ self.abandoned
            && min(self.initialising, self.ready, self.disposing) >= 0
    }
}

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
    /// Errors besides: failed initialisations, disposes that threw, abandonments, errors that resources reported, and acquisitions of a
    /// pool that ran out of their budget or were refused because it was empty. Each is counted once, and has one event.
    public var errors = 0

    /// All zero.
    public init() {}

    /// Instances that are initialising, ready or disposing.
    public var active: Int {
        self.initialising.addingSaturated(self.ready).addingSaturated(self.disposing)
    }

    /// Whether everything created is accounted for, and nothing is less than none.
    public var isBalanced: Bool {
        let ended = self.disposed.addingSaturated(self.initFailed).addingSaturated(self.abandoned)
        return self.created == self.active.addingSaturated(ended)
            && min(self.initialising, self.ready, self.disposing, self.disposed) >= 0
            && min(self.initFailed, self.abandoned, self.errors) >= 0
    }
}

/// The exact accounting of instances: of a container, a binding, or a scope.
///
/// The books balance at every event: `created = active + disposed + initFailed + abandoned` (``isBalanced``). Values that the container
/// does not own, which are aliases and values bound with `owned: false`, are not counted.
public struct Books: Hashable, Sendable, Codable {
    /// The number of instances whose creation started, including those that have ended.
    public var created = 0
    /// The number of instances that are being created or initialized.
    public var initializing = 0
    /// The number of instances that are ready for use.
    public var ready = 0
    /// The number of instances whose dispose is running.
    public var disposing = 0
    /// The number of disposed instances, including those whose dispose threw.
    public var disposed = 0
    /// The number of instances whose initialization failed.
    public var initFailed = 0
    /// The number of instances whose initialize or dispose did not finish within its budget.
    public var abandoned = 0
    /// The number of errors: failed initializations, disposes that threw, abandoned steps, errors that resources reported, and acquisitions
    /// that timed out or were refused because the pool was exhausted. Each error counts once and has one event.
    public var errors = 0

    /// The names in recordings, as version 1.0 of the format wrote them.
    private enum CodingKeys: String, CodingKey {
        case created
        case initializing = "initialising"
        case ready, disposing, disposed, initFailed, abandoned, errors
    }

    /// Creates books with all counts at zero.
    public init() {}

    /// The number of instances that are initializing, ready, or disposing.
    public var active: Int {
        self.initializing.addingSaturated(self.ready).addingSaturated(self.disposing)
    }

    /// Whether every created instance is accounted for and no count is negative.
    public var isBalanced: Bool {
        let ended = self.disposed.addingSaturated(self.initFailed).addingSaturated(self.abandoned)
        return self.created == self.active.addingSaturated(ended)
            && min(self.initializing, self.ready, self.disposing, self.disposed) >= 0
            && min(self.initFailed, self.abandoned, self.errors) >= 0
    }
}

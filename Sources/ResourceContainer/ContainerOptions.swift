/// How a container behaves.
public struct ContainerOptions: Sendable, Hashable {
    /// Whether it is a precondition failure to drop the container without having closed it: for tests, and for programs that would rather end
    /// than lose a dispose. The message names the container and where it was made. Without it, dropping is only reported
    /// (``ResourceEvent/Kind/droppedOpen(live:)``).
    public var trapsWhenDroppedOpen: Bool

    /// The options of an ordinary container, unless said otherwise.
    public init(trapsWhenDroppedOpen: Bool = false) {
        self.trapsWhenDroppedOpen = trapsWhenDroppedOpen
    }
}

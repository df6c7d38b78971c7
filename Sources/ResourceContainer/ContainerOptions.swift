/// Options for the behavior of a container.
public struct ContainerOptions: Sendable, Hashable {
    /// Whether dropping the container without closing it is a precondition failure, whose message names the container and its source location.
    ///
    /// Set it in tests, and in programs that must not lose a dispose. By default, the container only reports the event
    /// ``ResourceEvent/Kind/droppedOpen(live:)``.
    public var trapsWhenDroppedOpen: Bool

    /// Creates options with the default behavior.
    public init(trapsWhenDroppedOpen: Bool = false) {
        self.trapsWhenDroppedOpen = trapsWhenDroppedOpen
    }
}

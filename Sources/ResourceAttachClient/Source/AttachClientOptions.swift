/// The options of a client that attaches to processes.
public struct AttachClientOptions: Sendable, Hashable {
    /// Whether the user agreed to act on the processes, which `--act` states. Acting needs the consent of the process as well.
    public var acts: Bool
    /// Whether the past that the flight recorders of the processes keep is loaded.
    public var loadsPast: Bool

    /// Creates options.
    public init(acts: Bool = false, loadsPast: Bool = true) {
        self.acts = acts
        self.loadsPast = loadsPast
    }
}

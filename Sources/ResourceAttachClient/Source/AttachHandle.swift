/// The ownership of an ``AttachLink``: the connection ends with the last reference to its handle.
final class AttachHandle: Sendable {
    let link: AttachLink
    /// The conditions for commands on the process.
    let gate: ActingGate

    init(_ link: AttachLink, acts: Bool) {
        self.link = link
        self.gate = link.gate(acts: acts)
    }

    deinit {
        self.link.stop()
    }
}

/// What a server sends to a client that watches.
public enum AttachMode: String, Sendable, Hashable, Codable, CaseIterable {
    /// The recording of the container as it happens, with beats.
    case full
    /// Beats with a summary of the container, without its events.
    case summary
    /// The figures of the process's monitor, about once a second.
    case report
    /// The past that the flight recorder keeps, and then the end line.
    case past
}

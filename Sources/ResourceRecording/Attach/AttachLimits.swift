/// The limits of the attach protocol. Server and client use the same values.
public enum AttachLimits {
    /// The longest line of a client, in bytes: 64 KiB.
    public static let requestLine = 64 << 10
    /// The largest number of clients of one server.
    public static let clients = 16
    /// The largest number of commands of one client that run at the same time.
    public static let commands = 8
    /// The longest line of a server, in bytes: 512 MiB. It is the length of a snapshot of about a million instances.
    public static let snapshot = 512 << 20
    /// The time that a server waits for the first line of a client. A client that sends none receives the full stream.
    public static let firstLine = Duration.milliseconds(200)
    /// The time after which a server closes a connection that accepts no bytes.
    public static let stuckWriter = Duration.seconds(60)
    /// The longest time for which a server sends the past that the flight recorder keeps.
    public static let past = Duration.seconds(60)
    /// The time within which a server closes the scopes and leases of a connection that has ended.
    public static let orphanClose = Duration.seconds(5)
    /// The time between two beats of a server.
    public static let beat = Duration.seconds(1)
    /// The time without a byte after which a client calls a server silent.
    public static let silent = Duration.seconds(3)
}

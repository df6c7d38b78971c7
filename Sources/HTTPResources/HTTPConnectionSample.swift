/// The connections of an ``HTTPClientPool`` at one time.
///
/// The client keeps connections open for later requests. Over HTTP/2, several requests share a connection. An idle connection that the
/// server has closed counts until a later request looks for a connection.
public struct HTTPConnectionSample: Sendable, Hashable {
    /// The number of open connections.
    public var open: Int
    /// The number of open connections without a request in progress.
    public var idle: Int
    /// The number of connections that are being established.
    public var connecting: Int
    /// The number of connections that were established since the client was initialized.
    public var opened: Int
    /// The number of requests that were sent over a connection of an earlier request since the client was initialized.
    public var reused: Int

    /// Creates a sample.
    public init(open: Int = 0, idle: Int = 0, connecting: Int = 0, opened: Int = 0, reused: Int = 0) {
        self.open = open
        self.idle = idle
        self.connecting = connecting
        self.opened = opened
        self.reused = reused
    }
}

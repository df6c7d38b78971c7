#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A connection to a process of this machine, for a relay that copies its bytes. The descriptor does not block, and stays open until this
/// program ends.
package struct DialedSocket: Sendable {
    /// The descriptor of the socket.
    package let descriptor: Int32

    /// Connects to the server at `endpoint`.
    ///
    /// - Throws: ``AttachFailure`` if the server cannot be reached, or is on another machine.
    package init(_ endpoint: AttachEndpoint) throws(AttachFailure) {
        guard endpoint.isLocal else { throw AttachFailure("\(endpoint) is not a socket of this machine: give a process number or a name") }
        let transport = try AttachTransport(endpoint)
        // The connection is closed with the transport, and a duplicate is not.
        self.descriptor = fcntl(transport.stream.number, F_DUPFD_CLOEXEC, 0)
        guard self.descriptor >= 0 else { throw AttachFailure("no connection to \(endpoint)", .last) }
    }
}

import Testing

/// The state of a process after a fault.
extension ChildServer {
    /// Attaches another client and waits for its stream.
    func expectService() throws {
        let client = try SocketClient(self.path, .full)
        _ = try client.next("snapshot")
        _ = try client.next("input")
    }

    /// Waits until no scope of a client is open.
    func expectNoScopes() throws {
        var count = try self.number("scopes")
        for _ in 0..<200 where count > 0 {
            FaultRow.wait(milliseconds: 50)
            count = try self.number("scopes")
        }
        #expect(count == 0)
    }
}

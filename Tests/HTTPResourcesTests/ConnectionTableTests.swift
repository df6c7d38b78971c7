import Testing

@testable import HTTPResources

@Suite("Connections of an HTTP client")
struct ConnectionTableTests {
    private func ends(_ port: Int32) -> ConnectionTable.Ends {
        ConnectionTable.Ends(local: "127.0.0.1", localPort: port, remote: "127.0.0.1", remotePort: 80)
    }

    @Test("A connection is counted as connecting, then open, then idle, then closed.")
    func life() {
        var table = ConnectionTable()
        table.open(5, by: 1)
        #expect(table.sample == HTTPConnectionSample(connecting: 1))
        table.use(self.ends(1), by: 1)
        #expect(table.sample == HTTPConnectionSample(open: 1, opened: 1))
        table.leave(1)
        #expect(table.sample == HTTPConnectionSample(open: 1, idle: 1, opened: 1))
        table.close(5)
        #expect(table.sample == HTTPConnectionSample(opened: 1))
    }

    @Test("A transfer without a socket of its own reuses a connection.")
    func reused() {
        var table = ConnectionTable()
        table.open(5, by: 1)
        table.use(self.ends(1), by: 1)
        table.leave(1)
        table.use(self.ends(1), by: 2)
        #expect(table.sample == HTTPConnectionSample(open: 1, opened: 1, reused: 1))
    }

    @Test("A connection that transfers share is idle when the last one has left.")
    func shared() {
        var table = ConnectionTable()
        table.open(5, by: 1)
        table.use(self.ends(1), by: 1)
        table.use(self.ends(1), by: 2)
        table.leave(1)
        #expect(table.sample.idle == 0)
        table.leave(2)
        #expect(table.sample.idle == 1)
    }

    @Test("A transfer that tries two addresses opens one connection.")
    func twoAddresses() {
        var table = ConnectionTable()
        table.open(5, by: 1)
        table.open(6, by: 1)
        table.close(6)
        table.use(self.ends(1), by: 1)
        #expect(table.sample == HTTPConnectionSample(open: 1, opened: 1))
    }

    @Test("A transfer that leaves without a connection changes nothing.")
    func withoutConnection() {
        var table = ConnectionTable()
        table.open(5, by: 1)
        table.close(5)
        table.leave(1)
        #expect(table.sample == HTTPConnectionSample())
    }
}

import Testing

@testable import ResourceAttachClient

@Suite("The kernel's table of sockets")
struct UnixSocketTableTests {
    private static let table = """
        Num       RefCount Protocol Flags    Type St Inode Path
        0000000000000000: 00000002 00000000 00010000 0001 01 20385 /run/user/1000/resmon/4711-0.sock
        0000000000000000: 00000003 00000000 00000000 0001 03 20386 /run/user/1000/resmon/4711-0.sock
        0000000000000000: 00000002 00000000 00010000 0001 01 20387 /tmp/resmon-33/812-1.sock
        0000000000000000: 00000002 00000000 00010000 0001 01 20388 /var/my app/resmon/813-0.sock
        0000000000000000: 00000002 00000000 00010000 0001 01 20389 @/run/resmon/814-0.sock
        0000000000000000: 00000002 00000000 00010000 0001 01 20390 /run/systemd/private
        0000000000000000: 00000002 00000000 00010000 0001 01 20391 /tmp/resmon-x/815-0.sock
        0000000000000000: 00000002 00000000 00010000 0001 01 20392 /tmp/other/816-0.sock
        0000000000000000: 00000002 00000000 00010000 0001 01 20393
        garbage
        """

    @Test("The listening sockets of servers are found once each, with the folders as their servers named them.")
    func entries() {
        let entries = UnixSocketTable.entries(in: Self.table)
        #expect(entries.map(\.folder) == ["/run/user/1000/resmon", "/tmp/resmon-33", "/var/my app/resmon"])
        #expect(entries.map(\.name.pid) == [4711, 812, 813])
    }

    @Test("A table of arbitrary text yields nothing.", arguments: ["", "\n\n", " ", "a b c d e f g h", "\u{0}"])
    func arbitrary(_ text: String) {
        #expect(UnixSocketTable.entries(in: text).isEmpty)
    }
}

import LocalSockets
import Testing

@Suite("Names of sockets")
struct SocketNameTests {
    @Test("A name consists of the numbers of a process and of a container.")
    func parsed() throws {
        let name = try #require(SocketName("4711-2.sock"))
        #expect(name.pid == 4711)
        #expect(name.number == 2)
        #expect(name.text == "4711-2.sock")
    }

    @Test(
        "Any other name is not one of a server.",
        arguments: [
            "", ".sock", "4711.sock", "4711-.sock", "-1-0.sock", "+4711-0.sock", "04711-0.sock", "0-0.sock", "4711-0.sock~",
            "4711-0-1.sock", "99999999999-0.sock",
        ]
    )
    func refused(_ text: String) {
        #expect(SocketName(text) == nil)
    }

    @Test("Names are in the order of processes and containers.")
    func order() {
        let names = ["10-0.sock", "9-1.sock", "9-0.sock"].compactMap { SocketName($0) }.sorted()
        #expect(names.map(\.text) == ["9-0.sock", "9-1.sock", "10-0.sock"])
    }

    @Test("The path of a socket is the name in its folder, whether or not the folder's path ends with a slash.")
    func path() {
        let name = SocketName(pid: 4711, number: 0)
        #expect(name.path(in: "/run/resmon") == "/run/resmon/4711-0.sock")
        #expect(name.path(in: "/run/resmon/") == "/run/resmon/4711-0.sock")
    }
}

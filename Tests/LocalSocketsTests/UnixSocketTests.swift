import Foundation
import LocalSockets
import Testing

@Suite("Sockets and descriptors")
struct UnixSocketTests {
    @Test("Bytes that one side writes are read at the other one, and a closed side is an end for reads and an error for writes.")
    func transfer() throws {
        let (own, number) = try UnixSocket.pair()
        var buffer = [UInt8](repeating: 0, count: 8)
        #expect(own.receive(into: &buffer) == .nothing)
        var other: FileDescriptor? = FileDescriptor(number)
        #expect(other?.transmit([1, 2, 3]) == .bytes(3))
        #expect(other?.transmit([]) == .nothing)
        #expect(own.receive(into: &buffer) == .bytes(3))
        #expect(buffer.prefix(3) == [1, 2, 3])
        other = nil
        #expect(own.receive(into: &buffer) == .end)
        #expect(own.transmit([1]) == .failed(SystemError(EPIPE)))
    }

    @Test("The credentials of a connection are those of the process at its other end.")
    func credentials() throws {
        let (own, number) = try UnixSocket.pair()
        defer { close(number) }
        let peer = try #require(PeerCredentials(of: own))
        #expect(peer.user == geteuid())
        #expect(peer.groups.first == getegid())
        #if os(Linux)
            #expect(peer.pid == getpid())
        #endif
    }

    @Test("A path that is too long, empty, or contains a zero byte is the path of no socket.")
    func paths() throws {
        let long = String(repeating: "x", count: UnixAddress.longestPath)
        _ = try UnixAddress(long)
        #expect(throws: SystemError(ENAMETOOLONG)) { try UnixAddress(long + "x") }
        #expect(throws: SystemError(EINVAL)) { try UnixAddress("") }
        #expect(throws: SystemError(EINVAL)) { try UnixAddress("/tmp/a\u{0}b") }
    }

    @Test("A path without a socket has no server.")
    func absence() {
        let error = #expect(throws: SystemError.self) { try UnixSocket.connected(to: "/nowhere/1-0.sock") }
        #expect(error?.isAbsence == true)
    }
}

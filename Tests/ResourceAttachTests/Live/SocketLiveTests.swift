import Foundation
import LocalSockets
import ResourceContainer
import Testing

@testable import ResourceAttach

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("Sockets in the file system")
struct SocketLiveTests {
    private let location = SocketLocation(user: geteuid(), group: nil)

    private func bound(_ path: String, pid: Int32 = 7) throws -> ListeningSocket {
        try ListeningSocket(in: try LockedFolder(path, self.location), pid: pid, group: nil)
    }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test("An absent folder is made with mode 0700, and the socket has mode 0600.")
    func modes() throws {
        let folder = try TestFolder()
        let socket = try self.bound("\(folder.path)/resmon")
        #expect(socket.path == "\(folder.path)/resmon/7-0.sock")
        #expect(try self.mode("\(folder.path)/resmon") == 0o700)
        #expect(try self.mode(socket.path) == 0o600)
    }

    @Test("Servers of one process have numbers, and a running one is left alone.")
    func numbers() throws {
        let folder = try TestFolder()
        let (first, second) = (try self.bound(folder.path), try self.bound(folder.path))
        #expect(first.path.hasSuffix("/7-0.sock"))
        #expect(second.path.hasSuffix("/7-1.sock"))
        #expect(first.isBound)
    }

    @Test("A socket without a listener is replaced, as after a crash of an earlier process with the same number.")
    func stale() throws {
        let folder = try TestFolder()
        var socket: ListeningSocket? = try self.bound(folder.path)
        let path = try #require(socket?.path)
        socket = nil
        #expect(FileManager.default.fileExists(atPath: path))
        let next = try self.bound(folder.path)
        #expect(next.path == path)
        #expect(next.isBound)
    }

    @Test("A file that is no socket is not removed.")
    func file() throws {
        let folder = try TestFolder()
        let path = "\(folder.path)/7-0.sock"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        let fault = #expect(throws: SocketFault.self) { try self.bound(folder.path) }
        #expect(fault?.description == "'\(path)' exists and is not a socket")
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test("A server removes its own socket only.")
    func foreign() throws {
        let folder = try TestFolder()
        let socket = try self.bound(folder.path)
        unlink(socket.path)
        try Data("other".utf8).write(to: URL(fileURLWithPath: socket.path))
        socket.remove(from: nil)
        #expect(FileManager.default.fileExists(atPath: socket.path))
    }

    @Test("A folder that is a symbolic link or open to others is refused.")
    func unsafe() throws {
        let folder = try TestFolder()
        let link = "\(folder.path)/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path)
        #expect(throws: SocketFault("it is a symbolic link")) { try self.bound(link) }
        chmod(folder.path, 0o755)
        #expect(throws: SocketFault("its mode 0755 lets others in: use chmod 0700")) { try self.bound(folder.path) }
    }

    @Test("A folder of another user is refused.", .enabled(if: getuid() == 0))
    func squatted() throws {
        let folder = try TestFolder()
        let squatted = "\(folder.path)/resmon"
        mkdir(squatted, 0o700)
        chown(squatted, 12_345, 12_345)
        #expect(throws: SocketFault("it belongs to user 12345, not to user 0")) { try self.bound(squatted) }
    }

    @Test("With a group, an absent folder is made with mode 0750 and that group, and another one is refused.", .enabled(if: getuid() == 0))
    func shared() throws {
        let folder = try TestFolder()
        let location = SocketLocation(user: 0, group: 12_345)
        let path = "\(folder.path)/resmon"
        let socket = try ListeningSocket(in: try LockedFolder(path, location), pid: 7, group: 12_345)
        for (path, mode) in [(path, 0o750), (socket.path, 0o660)] {
            #expect(try self.mode(path) == mode)
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.groupOwnerAccountID] as? Int == 12_345)
        }
        chown(path, 0, 54_321)
        #expect(throws: SocketFault("it belongs to group 54321, not to group 12345")) { try LockedFolder(path, location) }
    }

    @Test("A server in /tmp whose socket was deleted has a new one after ten minutes.")
    func deleted() throws {
        let folder = try TestFolder()
        let now = TimeSource.Instant(nanoseconds: 0)
        let binder = SocketBinder(location: self.location, environment: AttachEnvironment(), directory: folder.path, pid: 7)
        let log = LogBook()
        var listener = AttachListener(try binder.bound().socket, binder, at: now) { log.add($0) }
        let path = "\(folder.path)/7-0.sock"
        #expect(listener.deadline == now + AttachListener.checkInterval)
        unlink(path)
        listener.check(at: now + .seconds(599))
        #expect(!FileManager.default.fileExists(atPath: path))
        listener.check(at: now + .seconds(600))
        _ = try SocketClient(path)
        #expect(listener.accepted(at: now + .seconds(600)) != nil)
        listener.close()
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(log.lines.isEmpty)
    }

    @Test("The credentials of a connection are those of the process that connected.")
    func credentials() throws {
        let folder = try TestFolder()
        let socket = try self.bound(folder.path)
        let client = try SocketClient(socket.path)
        let accepted = try #require(try socket.accepted())
        let peer = try #require(PeerCredentials(of: accepted))
        #expect(peer.pid == getpid())
        #expect(peer.user == getuid())
        #expect(peer.groups.first == getgid())
        client.close()
    }

    @Test("Programs that the process starts inherit no descriptor.")
    func inheritance() throws {
        let folder = try TestFolder()
        let socket = try self.bound(folder.path)
        let client = try SocketClient(socket.path)
        let accepted = try #require(try socket.accepted())
        let pipe = try WakePipe()
        for number in [socket.descriptor.number, accepted.number, pipe.number] { #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0) }
        client.close()
    }
}

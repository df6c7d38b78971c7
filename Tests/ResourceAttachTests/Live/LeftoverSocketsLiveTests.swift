import Foundation
import LocalSockets
import Testing

@testable import ResourceAttach

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("Sockets that killed processes left")
struct LeftoverSocketsLiveTests {
    /// A socket of a process that no process number belongs to.
    private static let ofNoProcess = SocketName(pid: .max, number: 0)
    /// A socket of this process.
    private static let ofThisProcess = SocketName(pid: getpid(), number: 0)
    private static let location = SocketLocation(user: geteuid(), group: nil)

    private let folder: TestFolder

    init() throws {
        self.folder = try TestFolder()
    }

    /// Binds a socket. It refuses connections once the descriptor is released.
    @discardableResult
    private func bind(_ name: SocketName, modified: Date? = nil) throws -> FileDescriptor {
        let path = name.path(in: self.folder.path)
        let descriptor = try UnixSocket.unbound()
        try UnixAddress(path).bindSocket(descriptor)
        try #require(listen(descriptor.number, 1) == 0)
        if let modified { try FileManager.default.setAttributes([.modificationDate: modified], ofItemAtPath: path) }
        return descriptor
    }

    private func exists(_ name: SocketName) -> Bool {
        FileManager.default.fileExists(atPath: name.path(in: self.folder.path))
    }

    private func clean() throws {
        LeftoverSockets(in: try LockedFolder(self.folder.path, Self.location)).remove()
    }

    @Test("The socket of a process that has ended is removed when a server binds in its folder.")
    func ended() throws {
        try self.bind(Self.ofNoProcess)
        #expect(self.exists(Self.ofNoProcess))
        let socket = try ListeningSocket(in: try LockedFolder(self.folder.path, Self.location), pid: 7, group: nil)
        #expect(!self.exists(Self.ofNoProcess))
        #expect(socket.isBound)
    }

    @Test("Sockets in use do not keep a leftover one from being examined by a later server.")
    func places() throws {
        let name = SocketName(pid: Self.ofNoProcess.pid, number: 1)
        let used = try self.bind(name)
        try self.bind(Self.ofNoProcess)
        let folder = try LockedFolder(self.folder.path, Self.location)
        for _ in 0..<200 where self.exists(Self.ofNoProcess) { LeftoverSockets(in: folder).remove(atMost: 1) }
        #expect(!self.exists(Self.ofNoProcess))
        #expect(self.exists(name))
        withExtendedLifetime(used) {}
    }

    @Test("A socket at which a process listens stays, even if its number belongs to no process here, as in another namespace.")
    func otherNamespace() throws {
        let listening = try self.bind(Self.ofNoProcess)
        try self.clean()
        #expect(self.exists(Self.ofNoProcess))
        withExtendedLifetime(listening) {}
    }

    @Test("The socket of a running process stays, even if it refuses connections.")
    func running() throws {
        try self.bind(Self.ofThisProcess)
        try self.clean()
        #expect(self.exists(Self.ofThisProcess))
    }

    #if os(Linux)
        @Test("A socket that is older than the process with its number is removed, because an earlier process had the number.")
        func reused() throws {
            try self.bind(Self.ofThisProcess, modified: Date(timeIntervalSince1970: 1_000_000_000))
            try self.clean()
            #expect(!self.exists(Self.ofThisProcess))
        }
    #endif

    @Test("A listening socket stays, even if it is older than the process with its number.")
    func oldAndListening() throws {
        let listening = try self.bind(Self.ofThisProcess, modified: Date(timeIntervalSince1970: 1_000_000_000))
        try self.clean()
        #expect(self.exists(Self.ofThisProcess))
        withExtendedLifetime(listening) {}
    }

    @Test("A file that is not a socket, and a socket with another name, stay.")
    func otherFiles() throws {
        let other = "\(self.folder.path)/notes.sock"
        let descriptor = try UnixSocket.unbound()
        try UnixAddress(other).bindSocket(descriptor)
        try Data().write(to: URL(fileURLWithPath: Self.ofNoProcess.path(in: self.folder.path)))
        try self.clean()
        #expect(self.exists(Self.ofNoProcess))
        #expect(FileManager.default.fileExists(atPath: other))
    }

    @Test("A limited number of sockets is removed at once, and the others the next time.")
    func limit() throws {
        for number in 0...LeftoverSockets.limit { try self.bind(SocketName(pid: .max, number: number)) }
        try self.clean()
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.folder.path).count == 1)
        try self.clean()
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.folder.path).isEmpty)
    }
}

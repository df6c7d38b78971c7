import Foundation
import LocalSockets
import Testing

@Suite("An open folder of sockets")
struct SocketFolderTests {
    @Test("A path without a folder has its reason.")
    func absent() {
        #expect(throws: SystemError(ENOENT)) { try SocketFolder("/nowhere") }
        #expect(throws: SystemError(ENOTDIR)) { try SocketFolder("/dev/null") }
        #expect(FolderState(of: "/nowhere") == .absent)
        #expect(FolderState(of: "/dev/null") == .other)
    }

    @Test("A folder that is locked cannot be locked a second time until it is released.")
    func lock() throws {
        let path = try Self.folder()
        defer { rmdir(path) }
        var first: SocketFolder? = try SocketFolder(path)
        try first?.lock()
        let second = open(path, O_RDONLY)
        defer { close(second) }
        #expect(flock(second, LOCK_EX | LOCK_NB) != 0)
        withExtendedLifetime(first) {}
        first = nil
        #expect(flock(second, LOCK_EX | LOCK_NB) == 0)
    }

    @Test("The sockets in a folder are found by their names, and other files are not.")
    func names() throws {
        let path = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try SocketFolder(path)
        let (name, file) = (SocketName(pid: 9, number: 0), SocketName(pid: 10, number: 0))
        let socket = try UnixSocket.unbound()
        try UnixAddress(name.path(in: path)).bindSocket(socket)
        for other in [file.text, "notes.txt"] { try Data().write(to: URL(fileURLWithPath: "\(path)/\(other)")) }
        #expect(folder.names() == [name, file])
        #expect(folder.status(of: name)?.identity == FileStatus(of: name.path(in: path))?.identity)
        #expect(folder.status(of: file) == nil)
        #expect(throws: SystemError(ECONNREFUSED)) { try folder.connect(to: name) }
        folder.remove(name)
        #expect(folder.names() == [file])
    }

    private static func folder() throws -> String {
        let path = "/tmp/ls-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }
}

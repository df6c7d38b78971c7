import LocalSockets
import Testing

@Suite("Where sockets are")
struct SocketEnvironmentTests {
    @Test("The usual folders are those of the service, of the session, of the user, and the one in /tmp.")
    func order() {
        let environment = SocketEnvironment(runtimeDirectory: "/run/shop:/run/other", sessionDirectory: "/run/session")
        let folders = environment.usualFolders(of: 1000)
        #expect(folders == ["/run/shop/resmon", "/run/session/resmon", "/run/user/1000/resmon", "/tmp/resmon-1000"])
    }

    @Test("An absent variable has no folder, and a chosen folder is not a usual one.")
    func absent() {
        let folders = SocketEnvironment(socketDirectory: "/x").usualFolders(of: 1000)
        #expect(folders == ["/run/user/1000/resmon", "/tmp/resmon-1000"])
    }

    @Test("The excess of a mode is what the group and all others may do beyond the limit.", arguments: [0o700, 0o750] as [UInt32])
    func excess(of limit: UInt32) {
        #expect(FolderMode.excess(of: limit, over: limit) == 0)
        #expect(FolderMode.excess(of: 0o500, over: limit) == 0)
        #expect(FolderMode.excess(of: 0o701, over: limit) == 0o001)
        #expect(FolderMode.excess(of: 0o720, over: limit) == 0o020)
    }
}

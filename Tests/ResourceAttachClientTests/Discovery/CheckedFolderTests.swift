import Foundation
import LocalSockets
import Testing

@testable import ResourceAttachClient

@Suite("Folders of sockets")
struct CheckedFolderTests {
    private static func refusal(
        owner: UInt32 = 1000,
        group: UInt32 = 50,
        mode: UInt32 = 0o700,
        of path: String = "/run/resmon",
        by user: UInt32 = 1000
    )
        -> String?
    {
        let state = FolderState.folder(owner: owner, group: group, mode: mode)
        return CheckedFolder.refusal(of: state, named: path, user: user, groups: [50])
    }

    @Test("A folder of this user that is closed to all others is used.")
    func own() {
        #expect(Self.refusal() == nil)
    }

    @Test("A folder of another user is not used, except by root.")
    func otherUser() {
        #expect(Self.refusal(owner: 1001, group: 60)?.contains("user 1001") == true)
        #expect(Self.refusal(owner: 1001, group: 50) != nil)
        #expect(Self.refusal(owner: 1001, by: 0) == nil)
    }

    @Test("A folder that permits a group is used by its members.")
    func group() {
        #expect(Self.refusal(owner: 1001, mode: 0o750) == nil)
        #expect(Self.refusal(owner: 1001, group: 60, mode: 0o750) != nil)
        #expect(Self.refusal(mode: 0o750) == nil)
    }

    @Test(
        "A folder that others can enter or write to is not used, not even by root.",
        arguments: [0o777, 0o701, 0o704, 0o720, 0o770] as [UInt32]
    )
    func open(_ mode: UInt32) {
        #expect(Self.refusal(mode: mode) != nil)
        #expect(Self.refusal(mode: mode, by: 0) != nil)
    }

    @Test("The reason names what others can do, and the modes that are accepted.")
    func words() {
        #expect(Self.refusal(mode: 0o755, of: "/x") == "'/x' is not used: other users can enter or list it; its mode must be 0700 or 0750")
        #expect(Self.refusal(mode: 0o777, of: "/x") == "'/x' is not used: other users can change it; its mode must be 0700 or 0750")
    }

    @Test("A folder with the number of a user in its name belongs to that user.")
    func named() {
        #expect(Self.refusal(of: "/tmp/resmon-1000") == nil)
        #expect(Self.refusal(owner: 1001, of: "/tmp/resmon-1000", by: 0) != nil)
    }

    @Test("A file is not a folder.")
    func file() {
        #expect(CheckedFolder.refusal(of: .other, named: "/x", user: 1000, groups: []) != nil)
    }

    @Test("A symbolic link to a safe folder is refused, and an absent folder is none.")
    func links() throws {
        let folder = try TestFolder()
        let link = "\(folder.path)-link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path)
        defer { try? FileManager.default.removeItem(atPath: link) }
        #expect(try CheckedFolder(folder.path).path == folder.path)
        #expect(throws: CheckedFolder.Refusal.unsafe("'\(link)' is not used: it is a symbolic link")) { try CheckedFolder(link) }
        #expect(throws: CheckedFolder.Refusal.absent) { try CheckedFolder("\(folder.path)/none") }
    }

    @Test("A real folder is refused while others can enter it.")
    func mode() throws {
        let folder = try TestFolder(mode: 0o755)
        #expect(throws: CheckedFolder.Refusal.self) { try CheckedFolder(folder.path) }
        try folder.setMode(0o700)
        #expect(try CheckedFolder(folder.path).names().isEmpty)
    }
}

@Suite("Places of folders")
struct SocketFoldersTests {
    @Test("The folders are those of servers, in their order and once each.")
    func order() {
        let environment = SocketEnvironment(runtimeDirectory: "/run/shop:/run/other", sessionDirectory: "/run/user/1000")
        let folders = SocketFolders(environment: environment, user: 1000)
        #expect(folders.paths == ["/run/shop/resmon", "/run/user/1000/resmon", "/tmp/resmon-1000"])
        #expect(!folders.isChosen)
    }

    @Test("A chosen folder is the only one.")
    func chosen() {
        let environment = SocketEnvironment(socketDirectory: "/x", sessionDirectory: "/run/user/1000")
        let folders = SocketFolders(environment: environment, user: 1000)
        #expect(folders.paths == ["/x"])
        #expect(folders.isChosen)
    }

    /// The names in folders below the root of another process.
    private static func list(_ path: String) -> [String] {
        switch path {
        case "/proc/7/root/tmp": [".", "..", "resmon-33", "resmon-x", "other"]
        case "/proc/7/root/run/user": [".", "..", "1000", "x"]
        case "/proc/7/root/run": [".", "..", "shop", "user"]
        default: []
        }
    }

    @Test("Root finds the folders of all users and services below another root.")
    func rootOfAll() {
        let folders = SocketFolders(root: "/proc/7/root", environment: SocketEnvironment(), user: 0, list: Self.list)
        let below = folders.paths.map { $0.dropFirst("/proc/7/root".count) }
        #expect(
            below == [
                "/run/user/0/resmon", "/tmp/resmon-0", "/run/user/1000/resmon", "/run/shop/resmon", "/run/user/resmon", "/tmp/resmon-33",
            ]
        )
    }

    @Test("Other users search their folders only, and root does so in its own file system.")
    func ownOnly() {
        let environment = SocketEnvironment()
        #expect(SocketFolders(root: "/proc/7/root", environment: environment, user: 33, list: Self.list).paths.count == 2)
        #expect(SocketFolders(environment: environment, user: 0, list: Self.list).paths == ["/run/user/0/resmon", "/tmp/resmon-0"])
    }

    @Test("Below another root, the paths begin with it.")
    func root() {
        let folders = SocketFolders(root: "/proc/7/root", environment: SocketEnvironment(), user: 33)
        #expect(folders.paths == ["/proc/7/root/run/user/33/resmon", "/proc/7/root/tmp/resmon-33"])
    }
}

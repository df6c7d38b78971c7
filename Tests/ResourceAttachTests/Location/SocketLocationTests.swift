import LocalSockets
import Testing

@testable import ResourceAttach

@Suite("Where a server puts its socket")
struct SocketLocationTests {
    private let location = SocketLocation(user: 1000, group: nil)

    @Test("The program's folder comes first, then the environment's, then those of the system.")
    func order() {
        let environment = SocketEnvironment(
            socketDirectory: "/sockets",
            runtimeDirectory: "/run/shop:/run/other",
            sessionDirectory: "/run/session"
        )
        let paths = self.location.candidates(directory: "/chosen", environment).map(\.path)
        #expect(
            paths == [
                "/chosen", "/sockets", "/run/shop/resmon", "/run/session/resmon", "/run/user/1000/resmon", "/tmp/resmon-1000",
            ]
        )
    }

    @Test("Without a choice, the folders of the user are tried.")
    func withoutChoice() {
        let candidates = self.location.candidates(directory: nil, SocketEnvironment())
        #expect(candidates.map(\.path) == ["/run/user/1000/resmon", "/tmp/resmon-1000"])
        #expect(candidates.allSatisfy { !$0.isChosen })
    }

    @Test("A folder of the user with mode 0700 is used, and an absent one is made.")
    func usable() {
        #expect(self.location.judge("/x", .folder(owner: 1000, group: 50, mode: 0o700)) == .usable)
        #expect(self.location.judge("/x", .absent) == .missing)
    }

    @Test(
        "A folder that is not the user's alone is refused.",
        arguments: [
            .symbolicLink, .other, .unknown(SystemError(13)), .folder(owner: 0, group: 50, mode: 0o700),
            .folder(owner: 1000, group: 50, mode: 0o710), .folder(owner: 1000, group: 50, mode: 0o701),
            .folder(owner: 1000, group: 50, mode: 0o1777), .folder(owner: 1000, group: 50, mode: 0o500),
        ] as [FolderState]
    )
    func refused(state: FolderState) {
        guard case .refused = self.location.judge("/x", state) else {
            Issue.record("\(state) is not refused")
            return
        }
    }

    @Test("A relative path is refused.")
    func relative() {
        #expect(self.location.judge("sockets", .absent) == .refused("its path does not begin with '/'"))
    }

    @Test("If a group may watch, a folder must be of that group and open to it, and to no others.")
    func group() {
        let shared = SocketLocation(user: 1000, group: 50)
        #expect(shared.judge("/x", .folder(owner: 1000, group: 50, mode: 0o750)) == .usable)
        #expect(shared.judge("/x", .folder(owner: 1000, group: 7, mode: 0o750)) == .refused("it belongs to group 7, not to group 50"))
        for (mode, fault) in [
            (0o770, "0770 lets others in"), (0o755, "0755 lets others in"), (0o700, "0700 keeps its group out"),
            (0o710, "0710 keeps its group out"), (0o550, "0550 keeps its owner out"),
        ] as [(UInt32, String)] {
            let verdict = shared.judge("/x", .folder(owner: 1000, group: 50, mode: mode))
            #expect(verdict == .refused("its mode \(fault): use chmod 0750"))
        }
    }

    @Test("Around a path of the environment, folders of root are used as well, unless others can write to them.")
    func around() {
        #expect(self.location.judgeAround(.folder(owner: 0, group: 50, mode: 0o755)) == .usable)
        #expect(self.location.judgeAround(.folder(owner: 1000, group: 50, mode: 0o755)) == .usable)
        #expect(self.location.judgeAround(.folder(owner: 0, group: 50, mode: 0o1777)) == .refused("its mode 1777 lets others write to it"))
        #expect(self.location.judgeAround(.folder(owner: 7, group: 50, mode: 0o700)) == .refused("it belongs to user 7"))
        #expect(self.location.judgeAround(.symbolicLink) == .refused("it is a symbolic link"))
    }

    @Test("A path as long as an address is possible, and a longer one is an error with both numbers.")
    func length() {
        let limit = UnixAddress.longestPath
        let folder = "/" + String(repeating: "x", count: limit - "//1-0.sock".utf8.count)
        let path = SocketName(pid: 1, number: 0).path(in: folder)
        #expect(path.utf8.count == limit)
        #expect(SocketLocation.obstacle(of: path) == nil)
        let obstacle = SocketLocation.obstacle(of: "\(path)x")
        #expect(obstacle?.contains("has \(limit + 1) bytes, and a socket's path has at most \(limit)") == true)
    }

    @Test("RESMON_ATTACH switches the server off or moves it; any other value keeps it from starting.")
    func environment() {
        #expect(AttachEnvironment().order(pid: 7) == .none)
        #expect(AttachEnvironment(attach: "off").order(pid: 7) == .off)
        #expect(AttachEnvironment(attach: "unix:///run/x-{PID}.sock").order(pid: 7) == .path("/run/x-7.sock"))
        #expect(AttachEnvironment(attach: "unix:///run/{PID}/{PID}.sock").order(pid: 7) == .path("/run/7/7.sock"))
        for text in ["on", "0.0.0.0:80", "unix://x.sock", "/run/x.sock", "OFF"] {
            #expect(AttachEnvironment(attach: text).order(pid: 7) == .unclear(text))
        }
    }
}

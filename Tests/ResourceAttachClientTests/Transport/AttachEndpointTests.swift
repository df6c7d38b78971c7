import LocalSockets
import Testing

@testable import ResourceAttachClient

@Suite("Endpoints as they are typed")
struct AttachEndpointTests {
    private static func argument(_ endpoint: AttachEndpoint) -> String {
        endpoint.argument(in: SocketFolders(environment: SocketEnvironment(sessionDirectory: "/run/user/1000"), user: 1000))
    }

    @Test("A socket in a folder that is searched is the number of its process, and any other one is its path.")
    func sockets() {
        #expect(Self.argument(.socket(path: "/run/user/1000/resmon/4711-0.sock", pid: 4711)) == "4711")
        #expect(Self.argument(.socket(path: "/run/user/1000/resmon/4711-1.sock", pid: 4711)) == "4711-1")
        #expect(Self.argument(.socket(path: "/run/user/1000/resmon/7-0.sock", pid: 4711)) == "/run/user/1000/resmon/7-0.sock")
        #expect(Self.argument(.socket(path: "/srv/my run/4711-0.sock", pid: 4711)) == "'/srv/my run/4711-0.sock'")
    }

    @Test("A host is its URL, and a command of the user is the option that it was given with.")
    func commands() throws {
        let target = try AttachTarget(parsing: "ssh://me@web1/shop")
        let ssh = try #require(try ProcessDiscovery().resolve(target).first)
        #expect(Self.argument(ssh) == "ssh://me@web1/shop")
        #expect(ssh.description == "ssh://me@web1/shop")
        let words = try CommandWords.split("kubectl exec -i 'my pod' -- resmon dial")
        let via = AttachEndpoint.command(words)
        #expect(Self.argument(via) == #"--via 'kubectl exec -i '\''my pod'\'' -- resmon dial'"#)
        #expect(via.description == "'kubectl exec -i my pod -- resmon dial'")
    }
}

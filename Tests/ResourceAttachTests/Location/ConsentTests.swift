import LocalSockets
import Testing

@testable import ResourceAttach

@Suite("The rights of clients")
struct ConsentTests {
    private func peer(_ user: UInt32, _ groups: [UInt32] = []) -> PeerCredentials {
        PeerCredentials(pid: 1, user: user, groups: groups)
    }

    @Test("The user of the process and root act if the program allows it.", arguments: [1000, 0] as [UInt32])
    func acting(user: UInt32) {
        #expect(Consent(acting: .owner, user: 1000, group: nil).permission(of: self.peer(user)) == .act)
    }

    @Test("They only watch otherwise, and the refusal states what would allow more.", arguments: [1000, 0] as [UInt32])
    func watching(user: UInt32) {
        let permission = Consent(acting: .nobody, user: 1000, group: nil).permission(of: self.peer(user))
        #expect(permission == .watch("this process accepts no commands: its program must create ResourceAttach with acting: .owner"))
        #expect(permission.names == ["watch"])
    }

    @Test("Another user is refused, also if the program allows acting.")
    func stranger() {
        let permission = Consent(acting: .owner, user: 1000, group: nil).permission(of: self.peer(1001, [1000]))
        #expect(permission == .refused("only user 1000 and root may watch this process, and the client runs as user 1001"))
    }

    @Test("A member of the group watches and does not act.")
    func member() {
        let consent = Consent(acting: .owner, user: 1000, group: 50)
        #expect(consent.permission(of: self.peer(1001, [7, 50])).names == ["watch"])
        #expect(consent.permission(of: self.peer(1001, [7])).names.isEmpty)
    }

    @Test("Members of the group are no owners, and neither are unknown users.")
    func owners() {
        let consent = Consent(acting: .nobody, user: 1000, group: 50)
        #expect(consent.isOwner(self.peer(1000)))
        #expect(consent.isOwner(self.peer(0)))
        #expect(!consent.isOwner(self.peer(1001, [50])))
        #expect(!consent.isOwner(nil))
    }

    @Test("A client whose user is unknown is refused.")
    func unknown() {
        let permission = Consent(acting: .owner, user: 1000, group: nil).permission(of: nil)
        #expect(permission == .refused("the system does not report the client's user"))
    }
}

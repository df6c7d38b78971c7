import ResourceContainer
import ResourceRecording
import Testing

@testable import ResourceAttachClient

@Suite("Unanswered commands")
struct PendingCommandsTests {
    private static func at(_ seconds: Int64) -> TimeSource.Instant { TimeSource.Instant(nanoseconds: seconds * 1_000_000_000) }

    @Test("Requests are numbered after the one that begins the stream, and an answer finds its caller once.")
    func numbers() {
        var pending = PendingCommands<String>()
        let first = pending.begin(.release, for: "a", at: Self.at(0))
        let second = pending.begin(.releaseAll, for: "b", at: Self.at(0))
        #expect([first?.id, second?.id] == [2, 3])
        #expect(first?.command == .release)
        let tokens = [3, 3, 1].map { pending.take($0)?.token }
        #expect(tokens == ["b", nil, nil])
        #expect(pending.count == 1)
    }

    @Test("A server's limit of commands at once is kept.")
    func limit() {
        var pending = PendingCommands<Int>()
        let accepted = (0..<AttachLimits.commands + 1).map { pending.begin(.release, for: $0, at: Self.at(0)) != nil }
        #expect(accepted == Array(repeating: true, count: AttachLimits.commands) + [false])
        let answered = pending.take(2)
        #expect(answered?.token == 0)
        let next = pending.begin(.release, for: 100, at: Self.at(0))
        #expect(next != nil)
    }

    @Test("A command expires at its deadline, and its late answer finds no caller.")
    func deadlines() {
        var pending = PendingCommands<String>()
        let open = pending.begin(.openScope(in: .root, name: nil), for: "open", at: Self.at(0))
        _ = pending.begin(.closeScope(ScopeID(3), force: false), for: "close", at: Self.at(0))
        #expect(pending.deadline == Self.at(10))
        let early = pending.expire(at: Self.at(9))
        #expect(early.isEmpty)
        let expired = pending.expire(at: Self.at(10))
        #expect(expired.map(\.token) == ["open"])
        let late = pending.take(open?.id ?? 0)
        #expect(late?.token == nil)
        #expect(pending.deadline == Self.at(300))
        let rest = pending.removeAll()
        #expect(rest.map(\.token) == ["close"])
        #expect(pending.deadline == nil)
    }
}

@Suite("Consent to act")
struct ActingGateTests {
    private static func refusal(_ gate: ActingGate, _ description: AttachDescription?, _ name: AttachCommand.Name = .openScope) -> String? {
        gate.refusal(of: name, by: "shop 4711@web1", description)
    }

    private static func gate(consent: Bool = true, user: UInt32?, target: String = "4711") -> ActingGate {
        ActingGate(hasConsent: consent, user: user, target: target)
    }

    @Test("With the consent of both sides and the same user, a command is sent.")
    func allowed() {
        let gate = Self.gate(user: 1000)
        #expect(Self.refusal(gate, ServedStream.description(may: ["watch", "act"])) == nil)
    }

    @Test("A refusal states what would allow the command.")
    func refused() {
        let acting = ServedStream.description(may: ["watch", "act"])
        let lookOnly = ServedStream.description()
        #expect(Self.refusal(Self.gate(consent: false, user: 1000), acting)?.contains("resmon attach --act 4711 acts on it") == true)
        #expect(Self.refusal(Self.gate(user: 1000), lookOnly)?.contains("acting: .owner") == true)
        #expect(Self.refusal(Self.gate(user: 1000), lookOnly)?.contains("--act") == false)
        #expect(Self.refusal(Self.gate(user: 1001), lookOnly)?.contains("attach as user 1000") == true)
        #expect(Self.refusal(Self.gate(user: nil), lookOnly)?.contains("acting: .owner") == true)
        #expect(Self.refusal(Self.gate(user: 1000), nil)?.contains("not connected") == true)
    }

    @Test("If both consents are missing, a refusal names both.")
    func bothMissing() {
        let refusal = Self.refusal(Self.gate(consent: false, user: 1000), ServedStream.description())
        #expect(refusal?.contains("acting: .owner") == true)
        #expect(refusal?.contains("resmon attach --act 4711") == true)
    }

    @Test("Root may act as the user of the process does, and is not sent to another user.")
    func root() {
        #expect(Self.refusal(Self.gate(user: 0), ServedStream.description())?.contains("user") == false)
    }

    @Test("A refusal names the process as it is typed.", arguments: ["ssh://web1/shop", "--via 'kubectl exec -i POD -- resmon dial'"])
    func typed(_ target: String) {
        let gate = Self.gate(consent: false, user: nil, target: target)
        #expect(Self.refusal(gate, ServedStream.description(may: ["watch", "act"]))?.contains("resmon attach --act \(target) ") == true)
    }

    @Test("Without a command, the gate states what is missing for all of them, and nothing before a header.")
    func general() {
        let (shop, acting) = ("shop 4711@web1", ServedStream.description(may: ["watch", "act"]))
        #expect(Self.gate(user: 1000).refusal(by: shop, acting) == nil)
        #expect(Self.gate(user: 1000).refusal(by: shop, nil) == nil)
        #expect(Self.gate(consent: false, user: 1000).refusal(by: shop, acting)?.hasPrefix("this dashboard only watches shop") == true)
    }

    @Test("A command that the server does not know is not sent.")
    func unknown() {
        var old = ServedStream.description(may: ["watch", "act"])
        old.commands = ["watch", "openScope"]
        let gate = Self.gate(user: 1000)
        #expect(Self.refusal(gate, old) == nil)
        #expect(Self.refusal(gate, old, .inject)?.contains("inject") == true)
    }
}

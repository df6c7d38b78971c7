import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

@Suite("Clients with random behavior")
struct GarbageTests {
    private static let seeds: UInt64 = ProcessInfo.processInfo.environment["RESMON_SOAK"] == nil ? 150 : 10_000
    /// The longest line that the containers of these tests cause, with much to spare.
    private static let mostPending = 4 << 20

    private static let commands: [AttachCommand] = [
        .watch(.full, last: nil), .watch(.summary, last: nil), .watch(.report, last: nil), .watch(.past, last: .seconds(1)),
        .openScope(in: .root, name: nil), .openScope(in: ScopeID(3), name: "x"), .closeScope(ScopeID(1), force: true),
        .closeScope(ScopeID(2), force: false), .get(BindingID(0), in: .root), .get(BindingID(9), in: ScopeID(1)), .checkHealth(nil),
        .lease(ResourceID(1)), .release, .releaseAll, .breakLease(ResourceID(1)), .inject(.failInitialize, BindingID(0)),
    ]

    /// Bytes of a client: requests, damaged requests, and noise.
    private static func bytes(_ random: inout SeededRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let command = Self.commands[Int.random(in: 0..<Self.commands.count, using: &random)]
            var line = AttachRequest(id: Int.random(in: -1...9, using: &random), command: command).line
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5: break
            case 5: line.removeLast(Int.random(in: 1...line.count, using: &random))
            case 6: line[Int.random(in: 0..<line.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            case 7: line = (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            case 8: line = Array(repeating: UInt8(ascii: "["), count: Int.random(in: 1...3000, using: &random)) + [0x0A]
            default: line = Array(repeating: UInt8(ascii: "a"), count: Int.random(in: 1...70_000, using: &random))
            }
            bytes += line
        }
        return bytes
    }

    /// One random act of a client or of the program.
    private func act(_ server: TestServer, _ clients: inout [UInt64], _ random: inout SeededRandom) throws {
        let client = clients.randomElement(using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1:
            if server.table.obstacle(isOwner: true) == nil { clients.append(server.connect()) }
        case 2, 3, 4:
            if let client { server.send(Self.bytes(&random), from: client) }
        case 5:
            if let client { server.room[client] = Bool.random(using: &random) ? Int.random(in: 0...5000, using: &random) : nil }
        case 6:
            if let client { server.endInput(of: client) }
        case 7:
            if let client {
                server.disconnect(client)
                clients.removeAll { $0 == client }
            }
        case 8: server.container.note("something")
        default: server.simulation.run(for: .milliseconds(Int64.random(in: 0...1500, using: &random)))
        }
        server.proceed()
    }

    @Test("No client crashes the server, grows a queue, or leaves a scope open.", arguments: 0..<10 as Range<UInt64>)
    func garbage(part: UInt64) throws {
        for seed in 0..<Self.seeds / 10 {
            var random = SeededRandom(seed: part << 32 | seed)
            let server = TestServer(hasMonitor: seed.isMultiple(of: 2), hasFlight: seed.isMultiple(of: 3), seed: seed)
            try server.container.bind(Int.self, options: BindingOptions(allowsFaults: true)) { 1 }
            var clients: [UInt64] = []
            for _ in 0..<40 {
                try self.act(server, &clients, &random)
                #expect(server.table.count <= AttachLimits.clients)
                for client in server.table.ids { #expect(server.table.interest(of: client).pending <= Self.mostPending) }
            }
            for client in server.table.ids { server.disconnect(client) }
            server.simulation.run(for: AttachLimits.orphanClose)
            server.proceed()
            #expect(server.table.isEmpty)
            #expect(server.container.openScopeCount == 0)
        }
    }
}

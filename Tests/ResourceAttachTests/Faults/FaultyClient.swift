import ResourceContainer
import ResourceSimulation

@testable import ResourceRecording

/// A client of a real server with random behavior: noise, incomplete lines, floods of requests, acts, slow reading, and abrupt ends.
struct FaultyClient {
    /// The longest time to send, so that a server that does not read delays no other client.
    private static let patience = Duration.milliseconds(20)
    /// The number of scopes that are remembered for acts.
    private static let scopeLimit = 64
    /// The binding of the child that accepts faults.
    private static let binding = BindingID(0)
    private static let faults: [InjectedFault] = [.failInitialize, .slowInitialize(.milliseconds(20)), .failDispose]

    private let path: String
    private var client: SocketClient?
    /// The number of lines in which scopes were searched.
    private var searched = 0

    init(_ path: String) {
        self.path = path
    }

    /// Does one random thing.
    ///
    /// - Parameter scopes: The newest scopes that clients have opened. Acts choose among them, and also meet those of other clients.
    mutating func step(_ scopes: inout [ScopeID], using random: inout SeededRandom) throws {
        guard let client = self.client, !client.isOver else { return try self.connect() }
        switch Int.random(in: 0..<12, using: &random) {
        case 0:
            let count = Int.random(in: 1...3_000, using: &random)
            client.send((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }, within: Self.patience)
        case 1:
            let line = Self.act(on: scopes, using: &random)
            client.send(Array(line.prefix(Int.random(in: 1..<line.count, using: &random))), within: Self.patience)
        case 2:
            let mode = AttachMode.allCases.randomElement(using: &random) ?? .full
            client.send(AttachRequest(id: 1, command: .watch(mode, last: nil)).line, within: Self.patience)
        case 3, 4, 5: client.send(Self.act(on: scopes, using: &random), within: Self.patience)
        case 6:
            let lines: [UInt8] = (0..<100).flatMap { _ in Self.act(on: scopes, using: &random) }
            client.send(lines, within: Self.patience)
        case 7: client.send([UInt8](repeating: UInt8(ascii: "a"), count: AttachLimits.requestLine + 1), within: Self.patience)
        case 8: client.endInput()
        case 9: self.disconnect()
        default:
            try client.readArrived()
            try self.remember(client, &scopes)
        }
    }

    private mutating func connect() throws {
        self.client = try SocketClient(self.path)
        self.searched = 0
    }

    private mutating func disconnect() {
        self.client?.close()
        self.client = nil
    }

    /// Remembers the scopes that answers name.
    private mutating func remember(_ client: SocketClient, _ scopes: inout [ScopeID]) throws {
        for line in client.lines[self.searched...] where line.kind == "answer" {
            if let scope = try line.decoded(AttachAnswer.self).scope { scopes.append(scope) }
        }
        self.searched = client.lines.count
        scopes.removeFirst(max(0, scopes.count - Self.scopeLimit))
    }

    /// A random act as a line.
    private static func act(on scopes: [ScopeID], using random: inout SeededRandom) -> [UInt8] {
        AttachRequest(id: Int.random(in: 2...9, using: &random), command: Self.command(on: scopes, using: &random)).line
    }

    private static func command(on scopes: [ScopeID], using random: inout SeededRandom) -> AttachCommand {
        guard let scope = scopes.randomElement(using: &random) else { return .openScope(in: .root, name: nil) }
        switch Int.random(in: 0..<12, using: &random) {
        case 0, 1, 2: return .openScope(in: .root, name: nil)
        case 3: return .openScope(in: scope, name: nil)
        case 4: return .closeScope(scope, force: false)
        case 5: return .closeScope(scope, force: true)
        case 6, 7: return .get(Self.binding, in: scope)
        case 8: return .checkHealth(nil)
        case 9: return .lease(ResourceID(UInt64.random(in: 0...9, using: &random)))
        case 10: return .releaseAll
        default: return .inject(Self.faults.randomElement(using: &random) ?? .failDispose, Self.binding)
        }
    }
}

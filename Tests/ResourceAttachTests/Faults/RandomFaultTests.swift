import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceRecording

extension FaultTests {
    /// The server under clients of every kind. Run with a child that is built with a sanitizer, it also finds races and invalid accesses.
    @Suite("Clients with random faults")
    struct RandomFaultTests {
        private static let length: Duration = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1" ? .seconds(60) : .seconds(2)
        /// The pause between two steps, so that the server has a share of the processors.
        private static let pause: UInt32 = 200

        @Test("After 16 clients with random faults, the process serves, none of their scopes is open, and no sanitizer has reported.")
        func randomFaults() throws {
            let child = try ChildServer()
            defer { #expect(child.sanitizerReport == "") }
            try FaultRow.measure("16 clients with random faults", child) { try Self.disturb(child) }
            try child.expectNoScopes()
            try child.expectService()
            #expect(try child.ask("stop") == "stopped")
        }

        /// Lets the clients act in a random order. Their connections end with them.
        private static func disturb(_ child: ChildServer) throws {
            var random = SeededRandom(seed: 1)
            var clients = (0..<AttachLimits.clients).map { _ in FaultyClient(child.path) }
            var scopes: [ScopeID] = []
            let end = ContinuousClock.now + Self.length
            while ContinuousClock.now < end {
                let index = Int.random(in: clients.indices, using: &random)
                try clients[index].step(&scopes, using: &random)
                usleep(Self.pause)
            }
        }
    }
}

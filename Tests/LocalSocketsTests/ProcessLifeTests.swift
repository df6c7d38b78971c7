import Foundation
import Testing

@testable import LocalSockets

@Suite("Lives of processes")
struct ProcessLifeTests {
    private static func line(_ name: String, _ state: String) -> String {
        "4711 (\(name)) \(state) 1 4711 4711 0 -1 4194304 100 0 0 0 1 1 0 0 20 0 8 0 98765 1000 200"
    }

    @Test("The time of the start is read after a name with any characters.")
    func start() {
        let state = ProcessLife.state(in: Self.line("a) R 1 (b", "S"))
        #expect(state.isAlive)
        #expect(state.start == 98_765)
    }

    @Test("A process that has ended and is not reaped does not run.", arguments: ["Z", "X"])
    func ended(_ state: String) {
        #expect(!ProcessLife.state(in: Self.line("shop", state)).isAlive)
    }

    @Test("A line of another form is no process.", arguments: ["", "4711", "4711 (shop)"])
    func otherForms(_ line: String) {
        #expect(!ProcessLife.state(in: line).isAlive)
    }

    @Test("A process whose state cannot be read runs, unless its files are gone.")
    func unreadable() {
        #expect(ProcessLife.isAlive(despite: SystemError(EMFILE)))
        #expect(ProcessLife.isAlive(despite: SystemError(EACCES)))
        #expect(!ProcessLife.isAlive(despite: SystemError(ENOENT)))
        #expect(!ProcessLife.isAlive(despite: SystemError(ESRCH)))
    }

    @Test("This process runs, and a process number that no process has does not.")
    func here() throws {
        #expect(try #require(ProcessLife(of: ProcessInfo.processInfo.processIdentifier)).isAlive)
        #expect(ProcessLife(of: .max) == nil)
        #expect(ProcessLife(of: 0) == nil)
    }

    #if os(Linux)
        @Test("This process was started before now, and the first process before it.")
        func started() throws {
            let own = try #require(ProcessLife(of: ProcessInfo.processInfo.processIdentifier)?.started)
            let first = try #require(ProcessLife(of: 1)?.started)
            #expect(own <= Int64(Date().timeIntervalSince1970) + 1)
            #expect(first <= own)
        }
    #endif
}

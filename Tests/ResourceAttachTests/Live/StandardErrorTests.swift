import Foundation
import LocalSockets
import Testing

@testable import ResourceAttach

@Suite("The default log")
struct StandardErrorTests {
    @Test("A line is cut and dropped where it would block, as on a terminal that is stopped.")
    func fullPipe() throws {
        var ends: [Int32] = [-1, -1]
        let isOpen = pipe(&ends) == 0
        try #require(isOpen)
        let (reader, writer) = (FileDescriptor(ends[0]), FileDescriptor(ends[1]))
        var block = [UInt8](repeating: UInt8(ascii: "x"), count: 4096)
        while write(writer.number, &block, block.count) > 0 {}
        let freed = reader.receive(into: &block)
        #expect(freed == .bytes(4096))
        let line = String(repeating: "y", count: 10_000)
        // There is room for the first line, and none for the second one.
        for _ in 0..<2 { AttachOptions.write(line, to: writer.number) }
        var rest: [UInt8] = []
        while case .bytes(let count) = reader.receive(into: &block) { rest += block[..<count] }
        #expect(Array(rest.suffix(4_001)) == Array(repeating: UInt8(ascii: "y"), count: 4_000) + [0x0A])
        #expect(rest.count { $0 == 0x0A } == 1)
    }
}

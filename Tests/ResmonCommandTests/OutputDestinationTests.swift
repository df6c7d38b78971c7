import Foundation
import Testing

@testable import resmon

@Suite("Output")
struct OutputDestinationTests {
    @Test("no path and - are standard output")
    func standardOutput() throws {
        #expect(try OutputDestination(path: nil) == .standardOutput)
        #expect(try OutputDestination(path: "-") == .standardOutput)
    }

    @Test("a file is replaced as a whole, a device is written to")
    func files() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let destination = try OutputDestination(path: file)
        #expect(destination == .file(file))
        #expect(!FileManager.default.fileExists(atPath: file))
        try destination.write("one")
        try OutputDestination(path: file).write("two")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "two")
        #expect(try OutputDestination(path: "/dev/null") == .stream("/dev/null"))
        #expect(throws: (any Error).self) { try OutputDestination(path: "/dev/full").write("x") }
    }

    @Test("what cannot be written is refused by name and reason")
    func refused() {
        #expect(throws: UsageFault("--output: '/' cannot be written: it is a directory")) { try OutputDestination(path: "/") }
        #expect(throws: UsageFault("--output: '/nowhere/x' cannot be written: there is no directory '/nowhere'")) {
            try OutputDestination(path: "/nowhere/x")
        }
        #expect(throws: UsageFault("--output: '/dev/null/x' cannot be written: there is no directory '/dev/null'")) {
            try OutputDestination(path: "/dev/null/x")
        }
    }
}

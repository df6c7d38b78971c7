import Foundation
import ResourceDashboard
import ResourceRecording
import Testing

@testable import resmon

@Suite("Output")
struct OutputDestinationTests {
    private let file = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)"

    private func destination(_ path: String?, force: Bool = false) throws(UsageFault) -> OutputDestination {
        try OutputDestination(path: path, isForced: force, home: "/nowhere")
    }

    @Test("no path and - are standard output")
    func standardOutput() throws {
        #expect(try self.destination(nil) == .standardOutput)
        #expect(try self.destination("-") == .standardOutput)
    }

    @Test("a file that is there is refused before anything is done, and replaced with --force")
    func files() throws {
        defer { try? FileManager.default.removeItem(atPath: self.file) }
        let destination = try self.destination(self.file)
        #expect(!FileManager.default.fileExists(atPath: self.file))
        try destination.write("one")
        #expect(
            throws: UsageFault(
                "--output: '\(self.file)' cannot be written: it exists already: give --force to write over it, or another name"
            )
        ) { try self.destination(self.file) }
        // One that has come in the meantime is no less somebody's.
        #expect(throws: FileFault.self) { try destination.write("two") }
        #expect(try String(contentsOfFile: self.file, encoding: .utf8) == "one")
        try self.destination(self.file, force: true).write("three")
        #expect(try String(contentsOfFile: self.file, encoding: .utf8) == "three")
    }

    @Test("what cannot be written is refused by name and reason")
    func refused() {
        #expect(throws: UsageFault("--output: '/' cannot be written: it is a directory")) { try self.destination("/") }
        #expect(throws: UsageFault("--output: '~/x' cannot be written: there is no directory '/nowhere'")) {
            try self.destination("~/x")
        }
        #expect(throws: UsageFault("--output: '/dev/null/x' cannot be written: there is no directory '/dev/null'")) {
            try self.destination("/dev/null/x")
        }
    }

    @Test(
        "the end of the name tells the format, in capitals or not; --format settles it where the end tells nothing",
        arguments: [
            (nil, nil, FrameFormat.text), (nil, FrameFormat.svg, .svg), ("-", .json, .json), ("x", nil, .text), ("x", .svg, .svg),
            ("x.svg", nil, .svg), ("x.SVG", nil, .svg), ("x.ans", nil, .ansi), ("x.ansi", .ansi, .ansi), ("x.json", nil, .json),
            ("x.txt", nil, .text), ("x.pdf", .text, .text), ("d.svg/x", nil, .text), (".svg", nil, .text), ("x.", nil, .text),
        ]
    )
    func format(path: String?, asked: FrameFormat?, expected: FrameFormat) throws {
        #expect(try FrameFormat.chosen(asked, by: "--format", for: path) == expected)
    }

    @Test("a format that the name denies, and an end that tells nothing, are refused")
    func contradictions() {
        #expect(
            throws: UsageFault("--output x.json and --format svg contradict each other: the name is one of the format json")
        ) { try FrameFormat.chosen(.svg, by: "--format svg", for: "x.json") }
        #expect(
            throws: UsageFault(
                "--output: no format ends in .pdf: .txt, .ansi, .ans, .svg, .json say theirs, and other names need --format"
            )
        ) { try FrameFormat.chosen(nil, by: "--format", for: "a/x.pdf") }
    }
}

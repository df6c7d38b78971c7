import Foundation
import ResourceDashboard
import ResourceRecording
import Testing

@testable import resmon

@Suite("Output destination")
struct OutputDestinationTests {
    private let file = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)"

    private func destination(_ path: String?, force: Bool = false) throws(UsageFault) -> OutputDestination {
        try OutputDestination(path: path, isForced: force, home: "/nowhere")
    }

    @Test("A missing path and - mean standard output.")
    func standardOutput() throws {
        #expect(try self.destination(nil) == .standardOutput)
        #expect(try self.destination("-") == .standardOutput)
    }

    @Test("An existing file is rejected before any work, and replaced with --force.")
    func files() throws {
        defer { try? FileManager.default.removeItem(atPath: self.file) }
        let destination = try self.destination(self.file)
        #expect(!FileManager.default.fileExists(atPath: self.file))
        try destination.write("one")
        #expect(
            throws: UsageFault(
                "--output: '\(self.file)' cannot be written: it already exists: give --force to overwrite it, or another name"
            )
        ) { try self.destination(self.file) }
        // A file created after the check is not overwritten either.
        #expect(throws: FileFault.self) { try destination.write("two") }
        #expect(try String(contentsOfFile: self.file, encoding: .utf8) == "one")
        try self.destination(self.file, force: true).write("three")
        #expect(try String(contentsOfFile: self.file, encoding: .utf8) == "three")
    }

    @Test("A destination that cannot be written is rejected with its name and the reason.")
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
        "The file extension selects the format, ignoring case; --format selects it for other extensions.",
        arguments: [
            (nil, nil, FrameFormat.text), (nil, FrameFormat.svg, .svg), ("-", .json, .json), ("x", nil, .text), ("x", .svg, .svg),
            ("x.svg", nil, .svg), ("x.SVG", nil, .svg), ("x.ans", nil, .ansi), ("x.ansi", .ansi, .ansi), ("x.json", nil, .json),
            ("x.txt", nil, .text), ("x.pdf", .text, .text), ("d.svg/x", nil, .text), (".svg", nil, .text), ("x.", nil, .text),
        ]
    )
    func format(path: String?, asked: FrameFormat?, expected: FrameFormat) throws {
        #expect(try FrameFormat.chosen(asked, by: "--format", for: path) == expected)
    }

    @Test("A format that contradicts the extension and an unknown extension are rejected.")
    func contradictions() {
        #expect(
            throws: UsageFault("--output x.json and --format svg contradict each other: the name is for the format json")
        ) { try FrameFormat.chosen(.svg, by: "--format svg", for: "x.json") }
        #expect(
            throws: UsageFault(
                "--output: no format has the extension .pdf: use .txt, .ansi, .ans, .svg, .json, or give --format"
            )
        ) { try FrameFormat.chosen(nil, by: "--format", for: "a/x.pdf") }
    }
}

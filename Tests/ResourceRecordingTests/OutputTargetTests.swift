import Foundation
import ResourceRecording
import Testing

/// A temporary directory for one test, removed at its end.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        self.path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    func file(_ name: String) -> String { "\(self.path)/\(name)" }

    func make(_ name: String, _ text: String, mode: Int = 0o644) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self.file(name)))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self.file(name))
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: self.file(name), withDestinationPath: target)
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: self.file(name), encoding: .utf8) }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: self.file(name))[.posixPermissions] as? Int
    }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: self.path).sorted() }
}

private func write(_ text: String, to path: String, replacing: Bool = false) throws(FileFault) {
    try OutputTarget(path).write(Array(text.utf8), replacing: replacing)
}

@Suite("Writing files: links are followed, special files are written in place, and existing files are protected")
struct OutputTargetTests {
    private let scratch: ScratchDirectory

    init() throws {
        self.scratch = try ScratchDirectory()
    }

    @Test(
        "An existing file is refused; with permission it is replaced completely and keeps its mode.",
        arguments: [0o600, 0o640, 0o755, 0o444]
    )
    func replacing(mode: Int) throws {
        let path = self.scratch.file("a")
        try write("one", to: path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let fault = #expect(throws: FileFault.self) { try write("two", to: path) }
        #expect(fault?.kind == .exists || fault?.reason == "it is not writable")
        #expect(try self.scratch.text("a") == "one")
        guard geteuid() == 0 || mode != 0o444 else { return }
        try write("2", to: path, replacing: true)
        #expect(try self.scratch.text("a") == "2")
        #expect(try self.scratch.mode("a") == mode)
        #expect(try self.scratch.names() == ["a"])
    }

    @Test("A symbolic link is followed, also to a target that does not exist yet, and remains a link.")
    func links() throws {
        try self.scratch.make("private", "one", mode: 0o600)
        try self.scratch.link("second", to: "private")
        try self.scratch.link("first", to: self.scratch.file("second"))
        #expect(throws: FileFault.self) { try write("two", to: self.scratch.file("first")) }
        try write("two", to: self.scratch.file("first"), replacing: true)
        #expect(try self.scratch.text("private") == "two")
        #expect(try self.scratch.mode("private") == 0o600)
        try self.scratch.link("dangling", to: "new")
        try write("three", to: self.scratch.file("dangling"))
        #expect(try self.scratch.text("new") == "three")
        for (name, target) in [("first", self.scratch.file("second")), ("second", "private"), ("dangling", "new")] {
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: self.scratch.file(name)) == target)
        }
    }

    @Test("A file with two names keeps both when it is replaced.")
    func hardLinks() throws {
        try self.scratch.make("a", "one and a half")
        try FileManager.default.linkItem(atPath: self.scratch.file("a"), toPath: self.scratch.file("b"))
        try write("two", to: self.scratch.file("a"), replacing: true)
        #expect(try self.scratch.text("b") == "two")
        #expect(try self.scratch.names() == ["a", "b"])
    }

    @Test("A pipe is written in place; without a reader it is refused immediately.")
    func pipes() throws {
        let path = self.scratch.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let fault = #expect(throws: FileFault.self) { try write("x", to: path) }
        #expect(fault?.description == "'\(path)' cannot be written: it is a pipe without a reader")
        let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        for replacing in [false, true] {
            try write("text", to: path, replacing: replacing)
            var bytes = [UInt8](repeating: 0, count: 16)
            #expect(read(reader, &bytes, 16) == 4)
        }
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType != .typeRegular)
        #expect(try self.scratch.names() == ["pipe"])
    }

    @Test("A device is written in place and never replaced.")
    func devices() throws {
        // A pseudoterminal: TIOCSPTLCK unlocks its other end, and TIOCGPTN returns that end's number.
        let controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        defer { close(controller) }
        var (lock, number): (Int32, Int32) = (0, -1)
        try #require(ioctl(controller, 0x4004_5431, &lock) == 0)
        try #require(ioctl(controller, 0x8004_5430, &number) == 0)
        let name = "/dev/pts/\(number)"
        try self.scratch.link("terminal", to: name)
        try write("text", to: self.scratch.file("terminal"), replacing: true)
        var bytes = [UInt8](repeating: 0, count: 16)
        #expect(read(controller, &bytes, 16) == 4)
        #expect(FileManager.default.fileExists(atPath: name))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: self.scratch.file("terminal")) == name)
    }

    @Test("A reader that closes its end causes an error and does not end the program.")
    func brokenPipe() throws {
        let path = self.scratch.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        let output = try OutputTarget(path).begin(mode: 0o600)
        try output.append(Array("a".utf8))
        close(reader)
        let fault = #expect(throws: FileFault.self) { try output.append(Array("b".utf8)) }
        #expect(fault == FileFault(.brokenOff, "'\(path)' cannot be written", "its reader has closed it"))
    }

    @Test("Incremental writing never replaces an existing file, and ~ is the home directory.")
    func incrementalWriting() throws {
        try self.scratch.make("a", "one")
        #expect(throws: FileFault.self) { try OutputTarget(self.scratch.file("a")).begin(mode: 0o600) }
        let output = try OutputTarget("~/b", home: self.scratch.path).begin(mode: 0o600)
        for part in ["x", "y"] { try output.append(Array(part.utf8)) }
        try output.finish()
        #expect(try self.scratch.text("b") == "xy")
        #expect(try self.scratch.mode("b") == 0o600)
        #expect(throws: FileFault.self) { try output.append([0]) }
    }

    @Test("A target that cannot be written is refused with a reason before anything is written.")
    func refused() throws {
        try self.scratch.make("file", "")
        try self.scratch.link("circle", to: "circle")
        func reason(_ path: String, home: String? = nil) -> String? {
            do throws(FileFault) {
                _ = try OutputTarget(path, home: home)
                return nil
            } catch {
                return error.kind == .refused ? error.reason : "\(error.kind)"
            }
        }
        #expect(reason("") == "the name is empty")
        #expect(reason("a\u{0}b") == "the name contains a NUL")
        #expect(reason(self.scratch.path) == "it is a directory")
        #expect(reason(self.scratch.file("none/x")) == "there is no directory '\(self.scratch.file("none"))'")
        #expect(reason(self.scratch.file("file/x")) == "there is no directory '\(self.scratch.file("file"))'")
        #expect(reason(self.scratch.file("new/")) == "there is no directory '\(self.scratch.file("new/"))'")
        #expect(reason(self.scratch.file("circle")) == "its symbolic links form a loop")
        #expect(reason(self.scratch.file(String(repeating: "x", count: 300))) == "the name is too long")
        #expect(reason("~/x") == "HOME is not set, so ~ cannot be expanded")
        #expect(reason("~", home: self.scratch.path) == "it is a directory")
        #expect(reason("~other/x", home: "/h")?.hasPrefix("only ~ and ~/ expand to a home directory") == true)
        #expect(try self.scratch.names() == ["circle", "file"])
    }

    @Test("\"-\" and the system's names for standard output refer to standard output.", arguments: ["-", "/dev/stdout", "/dev/fd/1"])
    func standardOutput(path: String) throws {
        #expect(try OutputTarget(path).kind == .standardOutput)
    }

    @Test("Directories are created with their parents, readable by the owner only; a file in their path is reported.")
    func makingDirectories() throws {
        try FilePath.makeDirectory(self.scratch.file("a/b/c"))
        #expect(try self.scratch.mode("a/b/c") == 0o700)
        try FilePath.makeDirectory(self.scratch.file("a/b/c"))
        try self.scratch.make("file", "")
        let path = self.scratch.file("file/b")
        #expect(
            throws: FileFault(.refused, "the directory '\(path)' cannot be created", "'\(self.scratch.file("file"))' is not a directory")
        ) {
            try FilePath.makeDirectory(path)
        }
    }

    @Test("A text is read from a file or a pipe; directories, dangling links, and endless files are refused by kind.")
    func reading() throws {
        try self.scratch.make("text", "a: b")
        try self.scratch.make("binary", "")
        try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: self.scratch.file("binary")))
        try self.scratch.make("large", String(repeating: "x", count: 1025))
        try self.scratch.link("dangling", to: "nowhere")
        try #require(mkfifo(self.scratch.file("pipe"), 0o600) == 0)
        func answer(_ name: String) -> String {
            do throws(FileFault) {
                return try InputText.text(of: name.hasPrefix("/") ? name : self.scratch.file(name), limit: 1024)
            } catch {
                return "\(error.kind): \(error.reason)"
            }
        }
        #expect(answer("text") == "a: b")
        #expect(answer(".") == "refused: it is a directory")
        #expect(answer("none") == "absent: there is no such file")
        #expect(answer("dangling") == "refused: it is a link to '\(self.scratch.file("nowhere"))', which does not exist")
        #expect(answer("binary") == "refused: it is not UTF-8 text")
        #expect(answer("large") == "refused: it is larger than 1 kB")
        #expect(answer("/dev/zero") == "refused: it is larger than 1 kB")
        // The pipe has no writer, so its end is reached immediately.
        #expect(answer("pipe") == "")
    }
}

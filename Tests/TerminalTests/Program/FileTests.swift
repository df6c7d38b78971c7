import Foundation
import Testing

/// Tests the files that the program writes and the errors that it reports if it cannot.
@Suite("Files of the program")
struct FileTests {
    private let directory = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
    }

    private func remove() { try? FileManager.default.removeItem(atPath: self.directory) }

    /// Runs a shell script in the test's directory. `$R` is the path of the program.
    private func shell(_ script: String) async throws -> ChildProcess {
        let line = "cd '\(self.directory)' && R='\(ResmonProgram.path)' && \(script)"
        return try await ChildProcess.run("/bin/bash", ["-c", line])
    }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: "\(self.directory)/\(name)", encoding: .utf8) }

    @Test(
        "Standard output that cannot be written is an error with status 1, for every command.",
        arguments: [
            "--help", "--version", "help demo", "keys", "themes", "doctor", "scenarios", "snapshot quiet", "demo quiet",
            "--generate-completion-script bash",
        ]
    )
    func standardOutput(command: String) async throws {
        defer { self.remove() }
        let full = try await self.shell("exec $R \(command) >/dev/full")
        #expect(full.errors == "resmon: standard output cannot be written: no space is left on the device\n")
        #expect(full.status == 1)
        let closed = try await self.shell("exec $R \(command) >&-")
        #expect(closed.errors == "resmon: standard output cannot be written: it is closed\n")
        #expect(closed.status == 1)
    }

    @Test("A closed reader and a file size limit are reported as errors, not signals.")
    func signals() async throws {
        defer { self.remove() }
        let unread = try await self.shell("mkfifo f; (exec 3<f) & exec 4>f; wait; $R snapshot quiet >&4")
        #expect(unread.errors == "resmon: standard output cannot be written: its reader has closed it\n")
        #expect(unread.status == 1)
        let limited = try await self.shell("ulimit -f 1; exec $R snapshot checkout >out")
        #expect(
            limited.errors == "resmon: standard output cannot be written: the file would be larger than the limit for files (ulimit -f)\n"
        )
        #expect(limited.status == 1)
    }

    @Test("A file that cannot be completed is removed, and an existing file is kept.")
    func notLeftBehind() async throws {
        defer { self.remove() }
        try "before".write(toFile: "\(self.directory)/old.txt", atomically: false, encoding: .utf8)
        let new = try await self.shell("ulimit -f 1; exec $R snapshot checkout --output new.txt")
        #expect(new.errors == "resmon: 'new.txt' cannot be written: the file would be larger than the limit for files (ulimit -f)\n")
        #expect(new.status == 1)
        let old = try await self.shell("ulimit -f 1; exec $R snapshot checkout --output old.txt --force")
        #expect(old.errors.hasSuffix("(ulimit -f); the old content is kept\n"))
        #expect(old.status == 1)
        #expect(try self.text("old.txt") == "before")
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.directory) == ["old.txt"])
    }

    @Test("A recording that cannot begin leaves no file; one that is cut off ends with a whole line.")
    func recordings() async throws {
        defer { self.remove() }
        let none = try await self.shell("ulimit -f 1; exec $R record checkout --simulated --for 5s --output none.jsonl")
        #expect(none.errors.hasPrefix("resmon: cannot record to 'none.jsonl': the file would be larger"))
        #expect(none.status == 1)
        for live in ["--simulated", ""] {
            let cut = try await self.shell("ulimit -f 50; TMPDIR=$PWD exec $R record checkout \(live) --for 60s --output cut\(live).jsonl")
            #expect(cut.errors.hasPrefix("resmon: the recording to 'cut\(live).jsonl' is cut off after "))
            #expect(cut.status == 1)
            #expect(try self.text("cut\(live).jsonl").hasSuffix("}\n"))
            let check = try await self.shell("exec $R check cut\(live).jsonl")
            #expect(check.output.contains("the recording has no end line"))
            #expect(!check.output.contains("damaged"))
        }
        // The scenario has removed its files, although the recording failed.
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.directory).sorted() == ["cut--simulated.jsonl", "cut.jsonl"])
    }

    @Test("A recording to - goes to standard output; a closed standard output does not damage a recording.")
    func recordingToStandardOutput() async throws {
        defer { self.remove() }
        let piped = try await self.shell("exec $R record quiet --simulated --for 2s --output -")
        #expect(piped.errors.hasPrefix("recorded "))
        #expect(piped.errors.hasSuffix(" to standard output\n"))
        #expect(piped.output.hasPrefix("{\"n\":0"))
        #expect(piped.output.hasSuffix("}\n"))
        #expect(piped.status == 0)
        let closed = try await self.shell("exec $R record quiet --simulated --for 2s --output a.jsonl >&-")
        #expect(closed.errors == "resmon: standard output cannot be written: it is closed\n")
        #expect(closed.status == 1)
        #expect(try self.text("a.jsonl") == piped.output)
    }

    @Test(
        "A home that is not a directory is reported with the recording's directory.",
        arguments: ["HOME=/dev/null", "XDG_STATE_HOME=/dev/null"]
    )
    func noHome(variable: String) async throws {
        defer { self.remove() }
        let result = try await self.shell("\(variable) exec $R record quiet --simulated --for 1s")
        #expect(result.errors.hasPrefix("resmon: the directory '/dev/null/"))
        #expect(result.errors.hasSuffix("' cannot be created: '/dev/null' is not a directory\n"))
        #expect(result.status == 2)
    }

    @Test("Control characters in arguments are not printed.")
    func cleaned() async throws {
        defer { self.remove() }
        let result = try await self.shell("exec $R snapshot --theme $'\\e[31mred'")
        #expect(result.errors.contains("[31mred"))
        #expect(!result.errors.contains("\u{1B}"))
        #expect(result.status == 2)
    }

    @Test("The themes do not depend on the program's location.")
    func themesElsewhere() async throws {
        defer { self.remove() }
        let here = try await self.shell("exec $R themes")
        let there = try await self.shell("ln $R elsewhere 2>/dev/null || cp $R elsewhere; exec ./elsewhere themes")
        #expect(here.output.split(separator: "\n").count == 16)
        #expect(there.output == here.output)
    }
}

extension TerminalTests {
    @Suite("Files written by keyboard")
    struct FileKeyTests {
        private static func name(_ path: String, _ terminal: TmuxSession) async throws {
            try await terminal.press("w", "C-u")
            try await terminal.type(path)
            try await terminal.press("Enter")
        }

        @Test("w asks before it replaces a file, keeps its mode and link, and writes to a pipe in place.")
        func write() async throws {
            let directory = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let (file, link, pipe) = ("\(directory)/private.txt", "\(directory)/link.txt", "\(directory)/pipe")
            try "precious".write(toFile: file, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "private.txt")
            try #require(mkfifo(pipe, 0o600) == 0)
            try await TmuxSession.with(environment: ["HOME": directory]) { terminal in
                try await terminal.startResmon("demo checkout --simulated --at 12s --view findings")
                try await Self.name("~/link.txt", terminal)
                try await terminal.waitFor("Replace the file?")
                try await terminal.press("Enter")
                try await terminal.waitFor("~/link.txt was not replaced")
                #expect(try String(contentsOfFile: file, encoding: .utf8) == "precious")
                try await Self.name("~/link.txt", terminal)
                try await terminal.waitFor("Replace the file?")
                try await terminal.press("y")
                try await terminal.waitFor("wrote ~/link.txt")
                #expect(try String(contentsOfFile: file, encoding: .utf8).contains("▌Findings"))
                #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
                #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "private.txt")
                try await Self.name(pipe, terminal)
                try await terminal.waitFor("without a reader")
                let reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
                try await Self.name(pipe, terminal)
                try await terminal.waitFor("wrote \(pipe)")
                close(reader)
                #expect(try FileManager.default.attributesOfItem(atPath: pipe)[.type] as? FileAttributeType != .typeRegular)
                try await Self.name("~/frame.json", terminal)
                try await terminal.waitFor("wrote ~/frame.json")
                let data = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/frame.json"))
                #expect(try JSONSerialization.jsonObject(with: data) is [String: Any])
                try await Self.name("~/frame.pdf", terminal)
                try await terminal.waitFor("unknown extension .pdf")
                try await terminal.press("Escape")
                try await terminal.waitForNo("Write the frame")
                try await terminal.press("Q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("A recording that is cut off is reported after quitting, and the program exits with 1.")
        func cutOff() async throws {
            let directory = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: directory) }
            try await TmuxSession.with { terminal in
                try await terminal.run("ulimit -f 60; cd \(directory)")
                try await terminal.startResmon("demo checkout --simulated")
                try await terminal.press(":")
                try await terminal.type("record run.jsonl")
                try await terminal.press("Enter")
                try await terminal.waitFor("is cut off after")
                try await terminal.press("j")
                try await terminal.press("Q")
                let screen = try await terminal.waitFor(ResmonProgram.ended(1))
                #expect(screen.contains("the recording to 'run.jsonl' is cut off after"))
            }
        }
    }
}

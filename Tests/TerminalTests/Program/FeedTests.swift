import Foundation
import Testing

extension TerminalTests {
    /// A feed on standard input, while the keys come from the terminal.
    @Suite("Feeds")
    struct FeedTests {
        /// A named pipe, to which the test writes the lines of a program.
        private struct Pipe {
            let path = NSTemporaryDirectory() + "resmon-feed-\(UUID().uuidString)"
            private let descriptor: Int32

            init() throws {
                try #require(mkfifo(self.path, 0o600) == 0)
                // Opened for both directions, the pipe does not wait for its reader.
                self.descriptor = open(self.path, O_RDWR | O_CLOEXEC)
                try #require(self.descriptor >= 0)
            }

            func write(_ lines: String...) throws {
                let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
                try #require(Foundation.write(self.descriptor, bytes, bytes.count) == bytes.count)
            }

            /// Ends the program's output.
            func end() {
                _ = close(self.descriptor)
            }
        }

        @Test("The output of a program is shown as it is written, keys work, and its end is stated.")
        func standardInput() async throws {
            let pipe = try Pipe()
            defer { unlink(pipe.path) }
            try pipe.write("starting", #"{"resmon":1,"container":"shop","program":"shop.py"}"#, #"{"make":"Database","id":"d1"}"#)
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("watch - <\(pipe.path)")
                try await terminal.press("3")
                try await terminal.waitFor("Database#1")
                try pipe.write(#"{"make":"Cart","id":"c1"}"#, #"{"ready":"c1"}"#, "Listening on :8080")
                try await terminal.waitFor("#2  Cart")
                try await terminal.press("6")
                try await terminal.waitFor("Listening on :8080")
                pipe.end()
                try await terminal.waitUntil("the end") { $0.contains("ended") }
                try await terminal.press("Q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("Without a feed on standard input, an error states that.")
        func noFeed() async throws {
            let check = try await ResmonProgram.run("check", "-")
            #expect(check.status == 2)
            #expect(check.errors.contains("standard input is not a feed"))
        }
    }
}

import Foundation
import ResourceAttach
import ResourceContainer

/// A process that serves a container, for tests and measurements of real processes.
///
/// `AttachTestChild MODE FOLDER` prints `ready PATH`, and then obeys the lines of its standard input (``ServingChild``). The modes are
///
/// - `idle`: nothing happens in the container,
/// - `serve`: a thread opens and closes scopes, and measures its longest pause,
/// - `storm`: a thread causes about 10,000 events a second,
/// - `large`, with a number as further argument: the container has this many resources.
///
/// `AttachTestChild connect PATH` connects to a socket and prints what it receives in a second, or the error.
@main
enum AttachTestChild {
    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.count >= 2 else { exit(64) }
        if words[0] == "connect" { return ConnectingChild.run(words[1]) }
        guard let work = ServingChild.Work(mode: words[0], count: words.count > 2 ? Int(words[2]) : nil) else { exit(64) }
        try await ServingChild(folder: words[1], work).run()
    }

    /// Writes a line to standard output at once.
    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}

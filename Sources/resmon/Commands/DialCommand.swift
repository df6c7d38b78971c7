import ArgumentParser
import Foundation
import ResourceAttachClient
import ResourceRecording

/// `resmon dial`: connects standard input and output with a process, for `resmon attach` on another machine.
struct DialCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dial",
        abstract: "Connect standard input and output with a running process; 'resmon attach ssh://HOST' runs this on the other machine."
    )

    @Argument(
        help: ArgumentHelp("The process: its number, name, or socket (default: the only one).", valueName: "process"),
        completion: .processes
    )
    var process: String?

    @Option(
        help: ArgumentHelp("The root directory in which the sockets are searched, such as /proc/4711/root.", valueName: "directory"),
        completion: .directory
    )
    var root: String?

    func run() throws {
        var root = self.root ?? ""
        while root.hasSuffix("/") { root.removeLast() }
        let endpoint = try AttachArguments.one(self.process.map { [$0] } ?? [], "dial", in: ProcessDiscovery(root: root))
        let socket = try DialedSocket(endpoint)
        // A write to a closed pipe is an error of the write.
        signal(SIGPIPE, SIG_IGN)
        switch SocketBridge(input: STDIN_FILENO, output: STDOUT_FILENO, socket: socket.descriptor).run() {
        case .socketEnded: break
        case .outputClosed: throw FileFault(.brokenOff, "standard output cannot be written", FileFault.words(EPIPE))
        case .failed(let number): throw FileFault(.brokenOff, "the connection to \(endpoint) is cut off", FileFault.words(number))
        }
    }
}

import ArgumentParser
import ResourceAttachClient
import ResourceRecording

/// `resmon save`: saves the past that the flight recorder of a process keeps.
struct SaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Save the last minutes of a running process, if it has a flight recorder, as a recording."
    )

    @Argument(
        help: ArgumentHelp("The process: its number, name, socket, or ssh://HOST NAME; 'resmon ps' lists them.", valueName: "process"),
        completion: .processes
    )
    var process: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("The time to save: 30s, 10m or 1h (default: all that is kept).", valueName: "time"))
    var last: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file, or - for standard output (default: a new file in the directory of recordings).", valueName: "path"),
        completion: .file(extensions: ["jsonl"])
    )
    var output: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let last = try self.last.map { try DurationArgument("--last", parsing: $0, longest: DurationArgument.longestRecorded).duration }
        let endpoint = try AttachArguments.one(self.process, via: self.connection.via, "save")
        let path = try Recordings.newPath(self.output, prefix: "past")
        let recording: AttachedRecording
        do {
            recording = try AttachedRecording(endpoint, .past(last: last), to: path)
        } catch {
            throw UsageFault(error.description)
        }
        try await recording.run()
        try Recordings.report("saved", recording.length, to: recording.path)
    }
}

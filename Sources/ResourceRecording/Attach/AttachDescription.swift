/// The process behind an attached stream, in the header of the stream. Files have none, except for saved streams.
public struct AttachDescription: Sendable, Hashable, Codable {
    /// A text that is random for each start of a server, so that two runs of a program differ.
    public var instance: String
    /// The process's number on its host.
    public var pid: Int32
    /// The number of the user that runs the process.
    public var uid: UInt32
    /// The name of the host.
    public var host: String
    /// The name of the program, without its arguments.
    public var program: String
    /// The start of the server, as a Unix time in nanoseconds.
    public var started: Int64
    /// The rights of the client: `watch`, and `act` if commands are accepted.
    public var may: [String]
    /// The names of the commands that the server knows; see ``AttachCommand/Name``.
    public var commands: [String]
    /// The time between two beats, in nanoseconds.
    public var beatNanoseconds: Int64
    /// The length of the past that the flight recorder kept when the stream began, in nanoseconds; nil without a flight recorder. Beats have the
    /// present length.
    public var pastNanoseconds: Int64?
    /// The start of the process, as a Unix time in nanoseconds; nil if the server did not state it.
    public var processStarted: Int64?
    /// The version of the libraries in the process; nil if the server did not state it.
    public var version: String?

    /// The value of ``may`` for watching.
    public static let watch = "watch"
    /// The value of ``may`` for commands.
    public static let act = "act"

    /// Creates a description.
    public init(
        instance: String,
        pid: Int32,
        uid: UInt32,
        host: String,
        program: String,
        started: Int64,
        may: [String] = [Self.watch],
        commands: [String] = AttachCommand.Name.allCases.map(\.rawValue),
        beatNanoseconds: Int64 = 1_000_000_000,
        pastNanoseconds: Int64? = nil,
        processStarted: Int64? = nil,
        version: String? = nil
    ) {
        self.instance = instance
        self.pid = pid
        self.uid = uid
        self.host = host
        self.program = program
        self.started = started
        self.may = may
        self.commands = commands
        self.beatNanoseconds = beatNanoseconds
        self.pastNanoseconds = pastNanoseconds
        self.processStarted = processStarted
        self.version = version
    }

    /// Whether the server accepts commands that act on the container.
    public var mayAct: Bool { self.may.contains(Self.act) }
}

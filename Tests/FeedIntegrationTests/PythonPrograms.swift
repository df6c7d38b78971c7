import Foundation
import LoopbackServers
import Testing

/// The suite of all tests with Python programs, which run one after the other.
@Suite("Python programs", .serialized, .pythonPrograms)
struct PythonTests {}

/// The programs of `Examples/python`, and a virtual environment with the packages that they need.
struct PythonPrograms: Sendable {
    @TaskLocal private static var provided: PythonPrograms?

    /// The folder of the programs.
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Examples/python").path

    private let environment: TemporaryDirectory

    static var current: PythonPrograms {
        get throws { try #require(Self.provided) }
    }

    /// Creates the environment. The packages come from the Python Package Index.
    init() async throws {
        self.environment = try TemporaryDirectory()
        try await ServerProcess.run("python3", ["-m", "venv", self.environment.path + "/venv"], within: .seconds(120))
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", Self.folder + "/requirements.txt"]
        try await ServerProcess.run(self.interpreter, install, environment: ["HOME": self.environment.path], within: .seconds(300))
    }

    /// The interpreter of the environment.
    var interpreter: String { self.environment.path + "/venv/bin/python" }

    /// The result of a program: the lines of its feed, and what it counted itself.
    struct Result {
        let lines: [[UInt8]]
        let counts: [String: Int]
    }

    /// Runs a program to its end. Its standard error goes to a file, because its last line is the counts.
    func run(_ program: String, _ arguments: [String] = []) async throws -> Result {
        let directory = try TemporaryDirectory()
        let words =
            ["-c", #"exec "$@" >"$0/feed" 2>"$0/counts""#, directory.path, self.interpreter, Self.folder + "/" + program] + arguments
        try await ServerProcess.run("sh", words, environment: Self.variables, within: .seconds(60))
        let feed = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/feed"))
        let errors = try String(contentsOfFile: directory.path + "/counts", encoding: .utf8)
        let last = try #require(errors.split(separator: "\n").last)
        let counts = try JSONDecoder().decode([String: Int].self, from: Data(last.utf8))
        return Result(lines: feed.split(separator: 0x0A).map { Array($0) }, counts: counts)
    }

    /// Starts a program that serves its feed in a folder of sockets.
    func serve(_ program: String, _ arguments: [String], sockets: String, output: String) throws -> ServerProcess {
        let variables = Self.variables.merging(["RESMON_SOCKET_DIR": sockets]) { $1 }
        return try ServerProcess(
            self.interpreter,
            [Self.folder + "/" + program, "--serve"] + arguments,
            environment: variables,
            output: output
        )
    }

    /// The variables of the programs. Python writes no compiled files beside the sources.
    static let variables = ["PYTHONDONTWRITEBYTECODE": "1"]

    struct Provider: SuiteTrait, TestScoping {
        @concurrent func provideScope(
            for test: Test,
            testCase: Test.Case?,
            performing function: @Sendable @concurrent () async throws -> Void
        ) async throws {
            try await PythonPrograms.$provided.withValue(try await PythonPrograms()) { try await function() }
        }
    }
}

extension Trait where Self == PythonPrograms.Provider {
    static var pythonPrograms: Self { Self() }
}

import ArgumentParser
import CursesTerminal
import Foundation
import ResourceMonitoring
import ResourceRecording

/// The root command.
struct Resmon: AsyncParsableCommand {
    static let versionNumber = ExportedProcess.libraryVersion

    static let configuration = CommandConfiguration(
        commandName: "resmon",
        abstract: "Monitor the resources of a Swift program: what is open, in which scope, since when, and how it ends.",
        discussion: """
            Without a command, 'resmon' shows the scenario checkout live and accepts the options of 'resmon demo'.

            Exit codes: 0 success, 1 failure, 2 invalid arguments or no usable terminal, 3 a check failed, 128+n ended by signal n.
            """,
        version: "resmon \(Self.versionNumber)",
        subcommands: [
            DemoCommand.self, ScenariosCommand.self, PsCommand.self, AttachCommand.self, WatchCommand.self, SaveCommand.self,
            DialCommand.self, ExportCommand.self, FleetCommand.self, SnapshotCommand.self, RecordCommand.self, ReplayCommand.self,
            CheckCommand.self, ThemesCommand.self, KeysCommand.self,
            DoctorCommand.self,
        ],
        defaultSubcommand: DemoCommand.self
    )
}

@main
enum Program {
    static func main() async {
        StandardOutput.reservePlaces()
        Surroundings.keepLoopbackDirect()
        exit(await self.run(Array(CommandLine.arguments.dropFirst())))
    }

    /// The number of file descriptors that the runtime needs when the first task sleeps. Without them it ends the process silently.
    private static let neededDescriptors = 4

    /// Runs the program with these arguments and returns its exit code.
    static func run(_ arguments: [String]) async -> Int32 {
        guard TerminalProbe.spareDescriptors(upTo: self.neededDescriptors) == self.neededDescriptors else {
            Console.complain("resmon: too many open files: raise the limit with 'ulimit -n', or close some")
            return ExitStatus.usage
        }
        do {
            let command = try Resmon.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                var synchronous = command
                try synchronous.run()
            }
            return ExitStatus.success
        } catch {
            return self.report(error)
        }
    }

    /// Prints an error in one line and returns the exit code. Help and version also arrive as errors and are printed unchanged.
    private static func report(_ error: any Error) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        if let fault = error as? UsageFault {
            Console.complain("resmon: \(fault)")
            return ExitStatus.usage
        }
        switch Resmon.exitCode(for: error) {
        case .success:
            do {
                try Console.show(Resmon.fullMessage(for: error) + "\n")
                return ExitStatus.success
            } catch {
                Console.complain("resmon: \(error)")
                return ExitStatus.failure
            }
        case .validationFailure:
            Console.complain(
                "resmon: \(Resmon.message(for: error)); 'resmon --help' and 'resmon help COMMAND' show what is accepted"
            )
            return ExitStatus.usage
        default:
            Console.complain("resmon: \(self.words(error))")
            return ExitStatus.failure
        }
    }

    /// The text of an error. Foundation's errors have a localized description; their `description` is a dump of their fields.
    static func words(_ error: any Error) -> String {
        type(of: error) is NSError.Type || error is CocoaError || error is POSIXError || error is URLError
            ? error.localizedDescription : "\(error)"
    }
}

import CursesTerminal
import Foundation
import ResourceDashboard
import ResourceDashboardLive
import Testing

@testable import resmon

/// Checks how the commands for running processes interpret their options, before they search for a process.
@Suite("Plans for running processes")
struct AttachPlanTests {
    private static let surroundings = Surroundings(environment: [:], executable: "/nowhere/bin/resmon")

    private static func attach(_ arguments: [String]) throws -> DashboardOptions {
        try AttachCommand.parse(arguments).options(self.surroundings, TerminalProbe())
    }

    @Test("An attached dashboard looks only, begins with the overview, and keeps 256 MB of the past.")
    func defaults() throws {
        let command = try AttachCommand.parse([])
        #expect(command.processes.isEmpty)
        #expect(!command.act)
        let options = try Self.attach([])
        #expect(options.view == .overview)
        #expect(options.historyLimit == 256 << 20)
        #expect(!options.followsSuccessor)
    }

    @Test("An attached dashboard follows its options.")
    func options() throws {
        let command = try AttachCommand.parse(["ssh://web1", "shop", "4711", "--act", "--via", "sudo resmon dial"])
        #expect(command.processes == ["ssh://web1", "shop", "4711"])
        #expect(command.act)
        #expect(command.connection.via == "sudo resmon dial")
        let options = try Self.attach(["--follow", "--history", "1GB", "--view", "processes", "--fps", "10"])
        #expect(options.followsSuccessor)
        #expect(options.historyLimit == 1 << 30)
        #expect(options.view == .processes)
        #expect(options.rate == 10)
        #expect(throws: UsageFault.self) { try Self.attach(["--history", "lots"]) }
        #expect(throws: UsageFault.self) { try Self.attach(["--view", "nonsense"]) }
    }

    @Test(
        "Words that are no process are rejected under the name of their command.",
        arguments: ["ftp://web1", "ssh://-web1", "unix://x", "-1x", "ssh://web1:0"]
    )
    func noTarget(word: String) {
        let fault = #expect(throws: UsageFault.self) { try AttachArguments.all([word], "attach") }
        #expect(fault?.description.hasPrefix("attach: ") == true)
    }

    @Test("Targets on other machines are not searched for here.")
    func elsewhere() throws {
        let endpoints = try AttachArguments.all(["ssh://web1", "shop"], via: "docker exec -i x resmon dial", "attach")
        #expect(endpoints.count == 2)
        #expect(endpoints.first?.description.contains("ssh://web1") == true)
        #expect(endpoints.last?.description.contains("resmon dial") == true)
    }

    @Test("A check is of a recording, or of a process for a time.")
    func check() throws {
        #expect(try CheckCommand.parse(["x.jsonl"]).subject() == .file("x.jsonl"))
        #expect(try CheckCommand.parse(["--attach", "shop", "--for", "30s"]).subject() == .process("shop", .seconds(30)))
        for arguments in [[], ["--attach", "shop"], ["--for", "30s"], ["x.jsonl", "--for", "30s"], ["x.jsonl", "--attach", "shop"]] {
            #expect(throws: UsageFault.self) { try CheckCommand.parse(arguments).subject() }
        }
    }

    @Test(
        "Options that contradict --attach are rejected before a process is searched for.",
        arguments: [
            ["snapshot", "quiet"], ["snapshot", "--seed", "3"], ["snapshot", "--at", "3s"], ["snapshot", "--recording", "x.jsonl"],
            ["snapshot", "--every", "1s", "--for", "2s"], ["record", "quiet"], ["record", "--simulated"], ["record", "--rate", "5"],
        ]
    )
    func contradictions(arguments: [String]) async {
        #expect(await Program.run(arguments + ["--attach", "nothing-of-this-name"]) == ExitStatus.usage)
    }

    @Test("The way to a process is no option of a demo: --view processes, --act and --follow are rejected.")
    func onlyAttach() async {
        for arguments in [["demo", "--act"], ["demo", "--follow"], ["demo", "--view", "processes"]] {
            #expect(await Program.run(arguments) == ExitStatus.usage)
        }
    }
}

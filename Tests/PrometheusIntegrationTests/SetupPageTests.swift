import Foundation
import LoopbackServers
import Testing

@Suite("The page that sets up Prometheus and Grafana")
struct SetupPageTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The blocks of code with this language, in the order of the page.
    private static func blocks(_ language: String, of page: String) -> [String] {
        page.components(separatedBy: "```\(language)\n").dropFirst().map { $0.components(separatedBy: "\n```")[0] }
    }

    @Test("The commands of the page succeed in their order, with its configuration.")
    func commands() async throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/fleet/setup.md"), encoding: .utf8)
        let folder = try TemporaryDirectory()
        let configuration = try #require(Self.blocks("yaml", of: page).first)
        let (exporter, prometheus) = (try freeLoopbackPort(), try freeLoopbackPort())
        func moved(_ text: String) -> String { text.replacing(":9464", with: ":\(exporter)").replacing(":9090", with: ":\(prometheus)") }
        try Data(moved(configuration).utf8).write(to: URL(fileURLWithPath: "\(folder.path)/prometheus.yml"))
        let programs = FleetWorld.programs.path
        let commands = Self.blocks("sh", of: page).joined(separator: "\n")
        #expect(commands.split(separator: "\n").count > 6)
        let script = """
            cd '\(folder.path)'
            export RESMON_SOCKET_DIR='\(folder.path)' PATH="\(programs):$PATH"
            trap 'kill $(jobs -p)' EXIT
            set -e
            \(moved(commands))
            """
        try await ServerProcess.run("/bin/bash", ["-c", script])
        let printed = try String(contentsOfFile: "\(folder.path)/resmon-rules.yml", encoding: .utf8)
        #expect(printed == (try String(contentsOf: Self.root.appending(path: "docs/fleet/resmon-rules.yml"), encoding: .utf8)))
    }
}

import Foundation
import LoopbackServers
import ResourceFleet
import Testing

@Suite("The rules, as promtool judges them")
struct RulesTests {
    private let folder: TemporaryDirectory
    private let promtool: String

    init() throws {
        self.folder = try TemporaryDirectory()
        self.promtool = try #require(PrometheusServer.program("promtool"))
        try Data(FleetRules.text.utf8).write(to: URL(fileURLWithPath: "\(self.folder.path)/resmon-rules.yml"))
    }

    @Test("promtool accepts the rules.")
    func check() async throws {
        try await ServerProcess.run(self.promtool, ["check", "rules", "\(self.folder.path)/resmon-rules.yml"])
    }

    @Test("The rules compute the columns and fire the alerts that their tests expect.")
    func test() async throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "rules-test.yml")
        try FileManager.default.copyItem(atPath: tests.path, toPath: "\(self.folder.path)/rules-test.yml")
        try await ServerProcess.run(self.promtool, ["test", "rules", "\(self.folder.path)/rules-test.yml"])
    }
}

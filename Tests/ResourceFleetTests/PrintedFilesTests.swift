import Foundation
import Testing

@testable import ResourceFleet

@Suite("The printed files of a fleet")
struct PrintedFilesTests {
    private static func checkedIn(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/fleet/\(name)"), encoding: .utf8)
    }

    @Test("The checked-in rules are those that the program prints.")
    func rules() throws {
        #expect(try Self.checkedIn("resmon-rules.yml") == FleetRules.text)
    }

    @Test("The checked-in dashboard is the one that the program prints.")
    func dashboard() throws {
        #expect(try Self.checkedIn("grafana-dashboard.json") == FleetDashboard.json)
    }

    @Test("A quote in a quoted text of the rules is doubled, and every quoted text is closed on its line.")
    func quotes() {
        let annotations = FleetRules.text.split(separator: "\n").filter { $0.contains("summary: ") || $0.contains("attach: ") }
        #expect(annotations.count == 16)
        for line in annotations { #expect(line.count { $0 == "'" }.isMultiple(of: 2), "\(line)") }
    }
}

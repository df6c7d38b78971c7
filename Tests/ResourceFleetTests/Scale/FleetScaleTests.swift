import Foundation
import ResourceDashboard
import ResourceDashboardTesting
import Testing

@testable import ResourceFleet

@Suite("The arithmetic of a fleet")
struct FleetScaleTests {
    private static func count(_ value: Int) -> String { Format.count(value) }

    /// The two tables of the page.
    private static func tables(_ scale: FleetScale) -> String {
        func row(_ name: String, _ size: FleetScale.Size) -> String {
            "| \(name) | \(self.count(size.series)) | \(self.count(size.buckets)) | \(self.count(size.bytes)) |"
        }
        let process = scale.process
        let parts =
            [
                "| Part | Series | of them buckets | Bytes |", "| --- | ---: | ---: | ---: |", row("every process", scale.fixed),
                row("each key", scale.key),
                row("each tag of scopes", scale.tag), row("each pool, with its key", scale.pool),
                row("a process with \(FleetScale.keys) other keys, \(FleetScale.tags) tags, and \(FleetScale.pools) pools", process),
            ]
        let fleets =
            [
                "| Processes | Series | Samples per second | Scraped per second | Disk per day | Recorded series | Answers of a table | Answers for shapes |",
                "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            ]
            + FleetScale.processes.map { count in
                let series = process.series * count
                let perSecond = series / FleetScale.interval
                let answers = FleetScale.answers(of: count)
                let cells = [
                    self.count(count), self.count(series), self.count(perSecond), Format.bytes(process.bytes * count / FleetScale.interval),
                    "\(Format.decimal(Double(perSecond * 86_400 * FleetScale.sampleBytes) / 1e9, digits: 1)) GB",
                    self.count(FleetRecord.allCases.count * FleetScale.pools * count),
                    Format.bytes(answers.table), Format.bytes(answers.shapes),
                ]
                return "| " + cells.joined(separator: " | ") + " |"
            }
        return (parts + [""] + fleets).joined(separator: "\n")
    }

    private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/fleet/scale.md")
        .standardized

    @Test("The tables of docs/fleet/scale.md are computed from the exposition of a container and from a simulated fleet.")
    func page() throws {
        let tables = Self.tables(try FleetScale())
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let first = try #require(lines.firstIndex { $0.hasPrefix("| Part |") })
        let last = try #require(lines.lastIndex { $0.hasPrefix("| ") })
        if GoldenFile.isRewriting {
            let rewritten = lines[..<first] + [tables] + lines[(last + 1)...]
            try rewritten.joined(separator: "\n").write(to: Self.page, atomically: true, encoding: .utf8)
        } else {
            #expect(lines[first...last].joined(separator: "\n") == tables)
        }
    }

    @Test("The series of a process grow by the same number with every key, tag, and pool.")
    func linear() throws {
        let scale = try FleetScale()
        let size = try FleetScale.size(keys: 5, tags: 3, pools: 2)
        let expected = scale.fixed + scale.key * 5 + scale.tag * 3 + scale.pool * 2
        #expect(size.series == expected.series)
        #expect(size.buckets == expected.buckets)
    }
}

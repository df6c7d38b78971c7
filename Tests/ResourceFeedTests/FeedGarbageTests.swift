import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@testable import ResourceFeed

/// A program that writes a feed with valid lines in any order, lines with wrong values, and garbage.
private struct GarbageProgram {
    private var random: SeededRandom
    private static let kinds = [
        "bind", "open", "closing", "close", "make", "ready", "failed", "error", "disposing", "disposed", "abandoned", "health", "use",
        "pool",
        "note", "past", "closed", "missed", "live", "beat", "answer", "resmon",
    ]
    private static let fields = [
        "at", "in", "id", "needs", "took", "text", "threw", "budget", "is", "times", "outcome", "type", "max", "used", "idle", "waiting",
        "created", "leases", "timeouts", "disposals", "failures", "abandonments", "errors", "returned", "canceled", "tag", "lifetime",
        "container", "may", "state", "uses", "started", "instance", "pid", "uid", "unknown",
    ]

    init(seed: UInt64) {
        self.random = SeededRandom(seed: seed)
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self.random)
    }

    private mutating func pick(_ list: [String]) -> String {
        list[self.number(0...list.count - 1)]
    }

    /// One of few names, so that lines concern the same scopes and instances.
    private mutating func name() -> String {
        self.pick(["app", "a", "b", "c", "d", "e"])
    }

    private mutating func value() -> String {
        switch self.number(0...11) {
        case 0: "null"
        case 1: self.pick(["true", "false", "[]", "{}", "[[]]", "\"\""])
        case 2: self.pick(["-1", "1e300", "1e400", "NaN", "0x10", "9223372036854775807", "18446744073709551616", "1e15", "-0", "1e-300"])
        case 3: "[\"\(self.name())\",\"\(self.name())\"]"
        case 4...6: "\(self.number(0...50))"
        case 7: "\(Double(self.number(0...50_000)) / 1000)"
        case 8:
            self.pick([
                "\"healthy\"", "\"unhealthy\"", "\"threw\"", "\"returned\"", "\"transient\"", "\"\\u0000\\ud800\"", "\"\\u001b[2J\"",
            ])
        default: "\"\(self.name())\""
        }
    }

    mutating func line() -> [UInt8] {
        switch self.number(0...19) {
        case 0: return (0..<self.number(0...80)).map { _ in UInt8(self.number(0...255)) }.filter { $0 != 0x0A }
        case 1:
            let count = self.number(0...3)
            let fields = (0..<count).map { _ in "\"\(self.pick(Self.kinds + Self.fields))\":\(self.value())" }
            return Array("{\(fields.joined(separator: ","))}".utf8)
        case 2:
            var bytes = Array(self.valid().utf8)
            if !bytes.isEmpty { bytes[self.number(0...bytes.count - 1)] = UInt8(self.number(0...255)) }
            return bytes.filter { $0 != 0x0A }
        case 3: return Array(self.valid().utf8.prefix(self.number(0...30)))
        case 4:
            let fields = (0..<self.number(0...4)).map { _ in ",\"\(self.pick(Self.fields))\":\(self.value())" }
            return Array("{\"\(self.pick(Self.kinds))\":\(self.value())\(fields.joined())}".utf8)
        default: return Array(self.valid().utf8)
        }
    }

    /// A line of a valid form, which may contradict those before it.
    private mutating func valid() -> String {
        let (name, other, number) = (self.name(), self.name(), self.number(0...60))
        let time = Bool.random(using: &self.random) ? ",\"at\":\(1000 + Double(self.number(-5_000...60_000)) / 10)" : ""
        let body =
            switch self.number(0...18) {
            case 0, 1: "\"open\":\"\(name)\",\"in\":\"\(other)\""
            case 2: "\"close\":\"\(name)\",\"outcome\":\"\(self.pick(["returned", "threw", "canceled"]))\""
            case 3...5:
                "\"make\":\"\(self.pick(["Database", "Cart", "Cache"]))\",\"id\":\"\(name)\",\"in\":\"\(other)\",\"needs\":[\"\(self.name())\"]"
            case 6, 7: "\"ready\":\"\(name)\",\"took\":\(Double(number) / 100)"
            case 8: "\"disposing\":\"\(name)\""
            case 9: "\"disposed\":\"\(name)\",\"took\":\(Double(number) / 10)"
            case 10: "\"failed\":\"\(name)\",\"text\":\"no\""
            case 11: "\"abandoned\":\"\(name)\",\"budget\":\(number)"
            case 12: "\"health\":\"\(name)\",\"is\":\"\(self.pick(["healthy", "unhealthy", "error"]))\""
            case 13:
                "\"pool\":\"\(name)\",\"max\":\(number),\"used\":\(self.number(0...9)),\"idle\":\(self.number(0...9)),\"created\":\(number)"
            case 14: "\"use\":\"\(name)\",\"times\":\(number)"
            case 15: "\"missed\":\(number)"
            case 16: "\"live\":true"
            case 17: "\"past\":\"\(self.pick(["Database", "Cart"]))\",\"disposals\":\(number),\"errors\":\(number)"
            default: "\"closed\":\(number),\"returned\":\(self.number(0...60))"
            }
        return "{\(body)\(time)}"
    }
}

@Suite("Garbage in a feed")
struct FeedGarbageTests {
    /// The number of seeds.
    private static let seeds: UInt64 = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1" ? 10_000 : 60

    @Test("It never crashes the reader, and shows no figure that was not sent or computed.")
    func garbage() {
        var used = 0
        for seed in 0..<Self.seeds {
            var program = GarbageProgram(seed: seed)
            var fed = FedReader(isLive: !seed.isMultiple(of: 4), writesReports: seed.isMultiple(of: 5))
            let state = seed.isMultiple(of: 3) ? "true" : "false"
            let header = #"{"resmon":1,"container":"shop","instance":"1","at":1000,"state":\#(state),"uses":true}"#
            fed.take(header)
            for step in 0..<60 {
                fed.take((0..<3).map { _ in program.line() })
                if seed.isMultiple(of: 7), step == 30 {
                    fed.reconnect()
                    fed.take(header)
                }
                if fed.now != nil { fed.pass(Double(seed % 5) / 8) }
                // The reader of recordings checks every event, every snapshot, and all books against the lines before.
                #expect(fed.faults == [], "seed \(seed), step \(step)")
                guard fed.faults.isEmpty else { return }
            }
            fed.finish()
            #expect(fed.faults == [], "seed \(seed)")
            #expect(fed.books.isBalanced, "seed \(seed)")
            #expect(!fed.findings.contains(.booksUnbalanced), "seed \(seed)")
            used += fed.books.created
        }
        // The lines are not all refused.
        #expect(used > Int(Self.seeds))
    }

    @Test("A long line is not used, and is noted.")
    func longLine() {
        var fed = FedReader()
        fed.take(shop, "{\"note\":\"" + String(repeating: "x", count: 70_000) + "\"}", #"{"make":"A","id":"a"}"#)
        #expect(fed.notes == ["feed: a line has 70011 bytes, and the longest that is used has 65536"])
        #expect(fed.books.created == 1)
    }

    @Test("Deep nesting is read without recursion.")
    func nesting() {
        var fed = FedReader()
        fed.take(
            shop,
            "{\"make\":" + String(repeating: "[", count: 30_000),
            #"{"make":"A","id":"a","needs":"# + String(repeating: "[", count: 9_000)
                + String(repeating: "]", count: 9_000) + "}"
        )
        #expect(fed.notes.count == 2)
        #expect(fed.books.created == 0)
    }

    @Test("Many types are limited, because each one has figures.")
    func types() {
        var fed = FedReader()
        fed.take(shop)
        fed.take((0..<4_200).map { Array("{\"make\":\"T\($0)\",\"id\":\"\($0)\"}".utf8) })
        #expect(fed.books.created == 4_096)
        #expect(fed.notes.first == "feed: there are more than 4096 types")
        #expect(fed.faults == [])
    }

    @Test("Names that look alike stay different, and are shown without control characters.")
    func names() throws {
        var fed = FedReader()
        fed.take(shop, #"{"make":"A","id":"a\u001b"}"#, #"{"make":"A","id":"a␛"}"#, #"{"open":"s\u0007"}"#)
        #expect(fed.books.created == 2)
        let picture = try #require(fed.picture)
        #expect(picture.scopes.last?.scope.name == "s␇")
        #expect(fed.faults == [])
    }
}

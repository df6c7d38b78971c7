import ResourceContainer
import ResourceFeed
import ResourceRecording
import Testing

@testable import ResourceAttachClient

@Suite("A feed from a connection")
struct FeedStreamTests {
    private static let lines =
        [
            #"{"resmon":1,"container":"shop","instance":"run-1","pid":4711,"host":"web1","state":true,"at":5000,"started":4000}"#,
            #"{"open":"req-1"}"#, #"{"make":"Database","id":"d1","at":4500}"#, #"{"ready":"d1"}"#,
            #"{"pool":"db","max":4,"used":3,"idle":0}"#,
            #"{"live":true}"#,
        ].joined(separator: "\n") + "\n"

    @Test("A probe is answered by the description of what exists, in any pieces.", arguments: [1, 7, 100_000])
    func probe(size: Int) throws {
        var answer = ProbeAnswer()
        var rest = Array(Self.lines.utf8)[...]
        while !rest.isEmpty {
            #expect(!answer.isComplete)
            answer.take(rest.prefix(size), at: TimeSource.Instant(nanoseconds: 1_000_000_000))
            rest = rest.dropFirst(size)
        }
        #expect(answer.isComplete)
        #expect(answer.problem == nil)
        #expect(answer.header?.container == "shop")
        #expect(answer.header?.attach?.host == "web1")
        #expect(answer.summary?.active == 2)
        #expect(answer.summary?.scopes == 1)
        #expect(answer.summary?.pool == PoolUse(name: "db", used: 3, limit: 4))
    }

    @Test("A feed of another version is a problem of the probe.")
    func version() {
        var answer = ProbeAnswer()
        answer.take(Array(#"{"resmon":2}"#.utf8)[...] + [0x0A], at: TimeSource.Instant(nanoseconds: 0))
        #expect(answer.problem == "the feed has version 2, and this resmon reads version 1")
    }

    @Test("A stream of a feed has the items of a stream of a server.")
    func items() throws {
        var reader = StreamReader()
        let now = TimeSource.Instant(nanoseconds: 1_000_000_000)
        var figures = AttachedFigures()
        for item in try reader.take(Array(Self.lines.utf8)[...], at: now) {
            switch item {
            case .header(let header): figures.begin(header)
            case .begin(let replay, let time):
                let isNext = figures.begin(replay, at: time)
                #expect(isNext)
            case .input, .beat, .answer, .report, .end: Issue.record("another item")
            }
        }
        #expect(figures.shown?.active == 2)
        #expect(figures.description?.instance == "run-1")
        #expect(figures.uptime == .seconds(1000))
        let items = try reader.take(Array(#"{"make":"Cart","id":"c1"}"#.utf8)[...] + [0x0A], at: now)
        for case .input(let input) in items { figures.take(input) }
        #expect(figures.shown?.active == 3)
        let ended = try reader.finish(at: now, "the program closed its output")
        guard case .end(let end) = try #require(ended.last) else {
            Issue.record("no end")
            return
        }
        #expect(end.reason == "the program closed its output")
    }

    @Test("A connection that is lost is followed by another one, in which everything keeps its number.")
    func reconnection() throws {
        var first = StreamReader()
        let (now, later) = (TimeSource.Instant(nanoseconds: 1_000_000_000), TimeSource.Instant(nanoseconds: 9_000_000_000))
        var figures = AttachedFigures()
        for case .begin(let replay, let time) in try first.take(Array(Self.lines.utf8)[...], at: now) {
            _ = figures.begin(replay, at: time)
        }
        let before = figures.update()?.resources.map(\.resource.id)
        var second = StreamReader(try #require(first.dialect.nextReader))
        for case .begin(let replay, let time) in try second.take(Array(Self.lines.utf8)[...], at: later) {
            let isNext = figures.begin(replay, at: time)
            #expect(isNext)
        }
        let next = figures.update()
        let update = try #require(next)
        #expect(update.resources.map(\.resource.id) == before)
        #expect(update.missed == 0)
    }
}

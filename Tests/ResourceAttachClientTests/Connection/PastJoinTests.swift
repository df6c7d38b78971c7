import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording
import Testing

@testable import ResourceAttachClient

@Suite("Joining the past to the updates")
struct PastJoinTests {
    /// The past in the bytes of a stream, up to an end.
    private static func past(_ bytes: [UInt8], until end: AttachedPast.End) throws -> AttachedPast {
        var past = AttachedPast(reach: .seconds(1), until: end)
        var reader = StreamReader()
        for item in try reader.take(bytes[...]) {
            switch item {
            case .begin(let replay, let time): past.begin(replay, at: time)
            case .input(let input): past.take(input)
            default: break
            }
        }
        past.finish()
        return past
    }

    /// The bytes of a flight recorder, which began before the attach, and the figures of a client that attached after `seconds`.
    private struct Attached {
        let served: ServedStream
        var kept: [UInt8]
        var fed = FedFigures()
        private var live: RecordingPump

        init(after seconds: Int) throws {
            let served = try ServedStream()
            self.served = served
            self.kept = try served.begin()
            for _ in 0..<seconds { self.kept += try served.turn(after: 1_000) }
            self.live = RecordingPump(served.container, header: ServedStream.header(ServedStream.description()))
            let line = try self.live.begin()
            try self.fed.feed(line)
        }

        /// Lets time pass for the recorder and the client.
        mutating func turn() throws {
            self.kept += try self.served.turn(after: 1_000)
            try self.look()
        }

        /// The client receives what has happened.
        mutating func look() throws {
            let pools = self.live.isDue ? self.served.container.poolSamples() : nil
            let line = try self.live.turn(pools: pools)
            try self.fed.feed(line)
        }
    }

    @Test("The past and the updates since its request are those of a client that was attached from the beginning.")
    func lazy() throws {
        var attached = try Attached(after: 5)
        try attached.turn()
        let early = try attached.fed.next()
        #expect(early.totals.books.created == 6)
        let request = attached.fed.figures.requestPast()
        let end = try #require(request)
        try attached.turn()
        let whole = try attached.fed.next()
        #expect(whole.isReset)
        let tooEarly = attached.fed.figures.takePast(before: whole)
        #expect(tooEarly.isEmpty)
        let past = try Self.past(attached.kept, until: end)
        #expect(past.isComplete)
        attached.fed.figures.load(past.updates)
        try attached.turn()
        let next = try attached.fed.next()
        #expect(!next.isReset)
        let joined = attached.fed.figures.takePast(before: next)
        let all = joined + [next]
        #expect(all.map(\.totals.books.created) == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(all.map(\.missed).allSatisfy { $0 == 0 })
        let numbers = all.dropFirst().flatMap(\.events).map(\.sequence)
        #expect(numbers == Array((all[0].sequence + 1)...next.sequence))
        let gaps = attached.fed.figures.takeGaps()
        #expect(gaps.isEmpty)
        let again = attached.fed.figures.takePast(before: next)
        #expect(again.isEmpty)
    }

    @Test("Before the first update, the past is taken at once, and the first update continues it.")
    func beginning() throws {
        var attached = try Attached(after: 5)
        let tooEarly = attached.fed.figures.requestPast()
        #expect(tooEarly == nil)
        try attached.turn()
        let request = attached.fed.figures.requestPast()
        let end = try #require(request)
        let past = try Self.past(attached.kept, until: end)
        let none = attached.fed.figures.takePast()
        #expect(none.isEmpty)
        attached.fed.figures.load(past.updates)
        try attached.turn()
        let taken = attached.fed.figures.takePast()
        let first = try attached.fed.next()
        #expect(taken.last?.totals.books.created == 6)
        #expect(first.totals.books.created == 7)
        #expect(first.missed == 0)
        #expect(first.events.first?.sequence == end.sequence + 1)
    }

    @Test("A past that was loaded in part only leaves a gap up to its end.")
    func partial() throws {
        var attached = try Attached(after: 10)
        try attached.turn()
        let request = attached.fed.figures.requestPast()
        let end = try #require(request)
        let lines = attached.kept.split(separator: 0x0A).map { Array($0) + [0x0A] }
        let past = try Self.past(lines.prefix(6).flatMap { $0 }, until: end)
        #expect(!past.isComplete)
        let last = try #require(past.updates.last)
        attached.fed.figures.load(past.updates)
        let taken = attached.fed.figures.takePast()
        #expect(taken.count == past.updates.count)
        let gaps = attached.fed.figures.takeGaps()
        #expect(gaps == [TimeGap(from: last.time, to: end.time, reason: "the past is loaded in part only")])
        let first = try attached.fed.next()
        #expect(first.missed + UInt64(first.events.count) == first.sequence - last.sequence)
    }

    @Test("A past is requested once, and one without updates is none.")
    func once() throws {
        var attached = try Attached(after: 1)
        try attached.turn()
        let first = attached.fed.figures.requestPast()
        #expect(first != nil)
        let second = attached.fed.figures.requestPast()
        #expect(second == nil)
        attached.fed.figures.load([])
        for _ in 0..<3 {
            try attached.turn()
            let update = try attached.fed.next()
            let past = attached.fed.figures.takePast(before: update)
            #expect(past.isEmpty)
        }
    }

    @Test("A past that begins after its end is empty.")
    func tooLate() throws {
        let attached = try Attached(after: 3)
        let past = try Self.past(attached.kept, until: AttachedPast.End(time: TimeSource.Instant(nanoseconds: 5), sequence: 1))
        #expect(past.isComplete)
        #expect(past.updates.isEmpty)
    }

    @Test("Of an input that extends beyond the end, the events up to the end belong to the past.")
    func split() throws {
        var attached = try Attached(after: 2)
        attached.served.simulation.run(for: .milliseconds(500))
        attached.served.container.note("between two inputs of the recorder")
        try attached.look()
        let request = attached.fed.figures.requestPast()
        let end = try #require(request)
        try attached.turn()
        let past = try Self.past(attached.kept, until: end)
        #expect(past.isComplete)
        #expect(past.updates.last?.sequence == end.sequence)
        #expect(past.updates.last?.time == end.time)
    }
}

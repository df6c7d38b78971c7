import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording
import Testing

@testable import ResourceAttachClient

@Suite("Figures of an attached process")
struct AttachedFiguresTests {
    @Test("The figures are those of the process's own monitor.")
    func sameFigures() throws {
        let served = try ServedStream()
        var fed = FedFigures()
        try fed.feed(served.begin())
        for _ in 0..<20 { try fed.feed(served.turn()) }
        let update = try fed.next()
        let own = served.monitor.report()
        #expect(update.container == "shop")
        #expect(update.isReset)
        #expect(update.totals.books.created == 20)
        #expect(update.totals.books.active == own.overall.activeResources)
        #expect(update.totals.openScopes == own.openScopes)
        #expect(update.sequence == own.sequence)
        #expect(update.time == served.now)
    }

    @Test("Updates contain the changes since the last one, and there is none without news.")
    func changes() throws {
        let served = try ServedStream()
        var fed = FedFigures()
        try fed.feed(served.begin())
        #expect(!fed.figures.hasNews)
        let none = fed.figures.update()
        #expect(none == nil)
        try fed.feed(served.turn())
        let first = try fed.next()
        #expect(first.isReset)
        #expect(!fed.figures.hasNews)
        try fed.feed(served.turn())
        let next = try fed.next()
        #expect(!next.isReset)
        #expect(!next.resources.isEmpty)
        #expect(next.missed == 0)
    }

    @Test("A beat without trouble is no news, and its lag is the lag of the process.")
    func beats() throws {
        let served = try ServedStream()
        var fed = FedFigures()
        try fed.feed(served.begin())
        try fed.feed(served.turn())
        _ = fed.figures.update()
        try fed.feed(served.beat(AttachBeat(lagNanoseconds: 2_000_000)))
        #expect(fed.figures.lag == .milliseconds(2))
        #expect(!fed.figures.hasNews)
    }

    @Test("A task that waits for a second raises the finding about the concurrency pool, which a quick one withdraws.")
    func starved() throws {
        let served = try ServedStream()
        var fed = FedFigures()
        try fed.feed(served.begin())
        try fed.feed(served.turn())
        try fed.feed(served.beat(AttachBeat(waitingNanoseconds: 1_500_000_000)))
        let starved = try fed.next()
        #expect(starved.findings.map(\.kind) == [.executorStarved])
        #expect(fed.figures.shown?.worst == .high)
        try fed.feed(served.beat(AttachBeat(lagNanoseconds: 1_000)))
        let quiet = try fed.next()
        #expect(quiet.findings.isEmpty)
    }

    @Test("The figures of a row are those of the last input, whether an update was taken or not.")
    func row() throws {
        let served = try ServedStream()
        var fed = FedFigures()
        try fed.feed(served.begin())
        #expect(fed.figures.shown == nil)
        try fed.feed(served.turn())
        _ = try fed.next()
        for _ in 0..<3 { try fed.feed(served.turn()) }
        #expect(fed.figures.shown?.active == 4)
        #expect(fed.figures.hasNews)
        let update = try fed.next()
        #expect(update.totals.books.active == 4)
    }

    @Test("A line that needs attention has the severity of its finding, and none is left out.")
    func attention() throws {
        let served = try ServedStream()
        var fed = FedFigures()
        try fed.feed(served.begin())
        try fed.feed(served.turn())
        try fed.feed(served.beat(AttachBeat(waitingNanoseconds: 1_500_000_000)))
        let shown = try #require(fed.figures.shown)
        let findings = try fed.next().findings
        let expected = findings.map { AttentionLine(severity: $0.severity, text: "\($0.subject.label): \($0.evidence)") }
        #expect(shown.attention == expected)
        #expect(shown.attention.map(\.severity) == [.high])
    }

    @Test(
        "The current report is that of the process without inputs, and that of the last input with them, with the delay of the last beat."
    )
    func currentReport() throws {
        let served = try ServedStream()
        var (fed, figures) = (FedFigures(), AttachedFigures())
        #expect(figures.currentReport == nil)
        figures.take(served.monitor.report())
        #expect(figures.currentReport == served.monitor.report())
        try fed.feed(served.begin())
        try fed.feed(served.report())
        try fed.feed(served.turn())
        #expect(fed.figures.currentReport?.openScopes == 1)
        #expect(fed.figures.report?.openScopes == 0)
        try fed.feed(served.beat(AttachBeat(lagNanoseconds: 2_000_000)))
        #expect(fed.figures.currentReport?.executorLag == 0.002)
    }

    @Test("The reach of the flight recorder is that of the last beat, or of the header before the first one.")
    func reach() throws {
        let description = ServedStream.description(past: 2_000_000_000)
        let served = try ServedStream(description)
        var fed = FedFigures()
        #expect(fed.figures.reach == nil)
        try fed.feed(served.begin())
        #expect(fed.figures.reach == .seconds(2))
        try fed.feed(served.beat(AttachBeat(lagNanoseconds: 1, pastNanoseconds: 600_000_000_000)))
        #expect(fed.figures.reach == .seconds(600))
        try fed.feed(served.beat())
        #expect(fed.figures.reach == .seconds(600))
    }

    @Test("A new connection to the same run gives a whole picture, a gap in time, and the number of the events in it.")
    func gap() throws {
        let served = try ServedStream()
        var fed = FedFigures()
        try fed.feed(served.begin())
        try fed.feed(served.turn())
        let before = try fed.next()
        fed.reconnect("the process closed the connection")
        _ = try served.turn(after: 4_000)
        try fed.feed(served.reconnect())
        let early = fed.figures.takeGaps()
        #expect(early.isEmpty)
        try fed.feed(served.turn())
        let after = try fed.next()
        #expect(after.isReset)
        #expect(after.totals.books.created == 3)
        #expect(after.missed > 0)
        #expect(after.missed + UInt64(after.events.count) == after.sequence - before.sequence)
        let gaps = fed.figures.takeGaps()
        #expect(gaps == [TimeGap(from: before.time, to: after.time, reason: "the process closed the connection")])
        let taken = fed.figures.takeGaps()
        #expect(taken.isEmpty)
    }

    @Test("Between two connections the last figures stay, with their time.")
    func stale() throws {
        let served = try ServedStream()
        var fed = FedFigures()
        try fed.feed(served.begin())
        try fed.feed(served.turn())
        let before = try fed.next()
        fed.reconnect()
        #expect(fed.figures.time == before.time)
        #expect(!fed.figures.hasNews)
        #expect(fed.figures.lag == nil)
        #expect(fed.figures.shown?.active == 1)
    }

    @Test("Suppressed findings stay suppressed after a new connection.")
    func allowed() throws {
        let served = try ServedStream()
        var fed = FedFigures()
        try fed.feed(served.begin())
        try fed.feed(served.turn())
        try fed.figures.allow(named: "executor-starved")
        #expect(throws: FindingRulesError.self) { try fed.figures.allow(named: "no-such-finding") }
        fed.reconnect()
        try fed.feed(served.reconnect())
        try fed.feed(served.turn())
        try fed.feed(served.beat(AttachBeat(waitingNanoseconds: 5_000_000_000)))
        let quiet = try fed.next()
        #expect(quiet.findings.isEmpty)
    }

    @Test("The uptime is the time since the start of the server, and the report is that of the process's monitor.")
    func uptime() throws {
        let served = try ServedStream()
        var fed = FedFigures()
        try fed.feed(served.begin())
        try fed.feed(served.report())
        #expect(fed.figures.uptime == nil)
        try fed.feed(served.turn(after: 12_000))
        #expect(fed.figures.uptime == .seconds(12))
        #expect(fed.figures.report?.container == "shop")
    }

    @Test("The end line has its reason.")
    func end() throws {
        let served = try ServedStream()
        var fed = FedFigures()
        try fed.feed(served.begin())
        try fed.feed(served.end("the container was closed"))
        #expect(fed.ends == [RecordingEnd(reason: "the container was closed")])
    }
}

@Suite("The past of a process")
struct AttachedPastTests {
    @Test("Ten minutes become a few hundred updates, with the exact counts of their times.")
    func thinned() throws {
        let served = try ServedStream()
        var past = AttachedPast(reach: .seconds(600), until: AttachedPast.End(time: TimeSource.Instant(nanoseconds: .max), sequence: .max))
        var reader = StreamReader()
        var bytes = try served.begin()
        for _ in 0..<600 { bytes += try served.turn(after: 1_000) }
        for item in try reader.take(bytes[...]) {
            switch item {
            case .begin(let replay, let time): past.begin(replay, at: time)
            case .input(let input): past.take(input)
            default: break
            }
        }
        past.finish()
        #expect((200...320).contains(past.updates.count))
        #expect(past.updates.first?.totals.books.created == 1)
        #expect(past.updates.last?.totals.books.created == 600)
        #expect(past.updates.last?.time == served.now)
        let times = past.updates.map(\.time)
        #expect(times == times.sorted())
        for update in past.updates {
            #expect(update.totals.books.created == Int(update.time.nanoseconds / 1_000_000_000))
        }
    }
}

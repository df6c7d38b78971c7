import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceFeed

@Suite("A feed that was written before")
struct FeedFileTests {
    @Test("Its lines have the times that they state, and samples are taken in between.")
    func times() throws {
        var fed = FedReader(isLive: false)
        fed.take(#"{"resmon":1,"container":"shop","at":1700000000}"#, #"{"make":"A","id":"a","at":1700000001}"#)
        fed.take(#"{"ready":"a","at":1700000003.5}"#, #"{"disposed":"a","at":1700000013.5}"#)
        fed.finish()
        #expect(fed.faults == [])
        let lives = fed.events.compactMap { event in if case .disposed(_, let lived) = event.kind { lived } else { nil as Duration? } }
        #expect(lives == [.seconds(10)])
        let header = try #require(fed.header)
        let first = try #require(fed.events.first { if case .initializing = $0.kind { true } else { false } })
        #expect(header.clockOriginNanoseconds + first.time.nanoseconds == 1_700_000_001_000_000_000)
        #expect(fed.lines.count > 12)
        #expect(fed.end != nil)
    }

    @Test("Times may be those of any clock, and lines without one follow the line before.", arguments: [0.0, 12.5, 1e9, -40])
    func anyClock(beginning: Double) {
        var fed = FedReader(isLive: false)
        fed.take(
            #"{"resmon":1,"container":"shop","at":\#(beginning)}"#,
            #"{"make":"A","id":"a"}"#,
            #"{"ready":"a","at":\#(beginning + 2)}"#
        )
        fed.take(#"{"make":"A","id":"b","at":\#(beginning - 100)}"#, #"{"make":"A","id":"c","at":1e300}"#)
        fed.finish()
        let took = fed.events.compactMap { event in if case .ready(let took, _, _) = event.kind { took } else { nil as Duration? } }
        #expect(took == [.seconds(2)])
        #expect(fed.books.created == 3)
        #expect(fed.faults == [])
    }

    @Test("The samples between the lines of a long file become rarer.")
    func sparseLines() {
        var fed = FedReader(isLive: false)
        fed.take(#"{"resmon":1,"container":"shop","at":0}"#)
        for number in 1...144 { fed.take(#"{"pool":"db","max":20,"used":\#(number % 20),"at":\#(number * 600)}"#) }
        fed.finish()
        #expect(fed.faults == [])
        #expect(fed.lines.count > 2_000)
        #expect(fed.lines.count < 6_000)
        #expect(fed.replay?.pools.first?.leased == 4)
    }

    @Test("A feed without any time is read, too.")
    func noTimes() {
        var fed = FedReader(isLive: false)
        fed.take(shop, #"{"make":"A","id":"a"}"#, #"{"ready":"a"}"#)
        fed.finish()
        #expect(fed.books.ready == 1)
        #expect(fed.faults == [])
    }
}

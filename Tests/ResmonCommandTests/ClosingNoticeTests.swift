import ResourceContainer
import Testing

@testable import resmon

@Suite("Closing notice")
struct ClosingNoticeTests {
    /// A time source whose only deadline fires when the test calls `pass()`.
    private final class Clock: Sendable {
        let due = Lock<(@Sendable () -> Void)?>(nil)

        var time: TimeSource {
            TimeSource(now: { TimeSource.Instant(nanoseconds: 0) }) { _, call in
                self.due.withLock { $0 = call }
                return TimeSource.Deadline { self.due.withLock { $0 = nil } }
            }
        }

        func pass() {
            self.due.withLock { $0.take() }?()
        }
    }

    @Test("A slow close reports once which resources it waits for.")
    func slowClose() {
        let clock = Clock()
        let printed = Lock<[String]>([])
        let notice = ClosingNotice(time: clock.time, say: { line in printed.withLock { $0.append(line) } }) {
            DemoPlan.waiting(for: ["Journal#1", "Journal#3"])
        }
        notice.start()
        #expect(printed.withLock { $0 }.isEmpty)
        clock.pass()
        clock.pass()
        notice.stop()
        #expect(printed.withLock { $0 } == ["closing: waiting for Journal#1, Journal#3"])
    }

    @Test("A close that ends in time or waits for nothing reports nothing.")
    func nothingToReport() {
        let clock = Clock()
        let printed = Lock(0)
        let quick = ClosingNotice(time: clock.time, say: { _ in printed.withLock { $0 += 1 } }, { "waiting" })
        quick.start()
        quick.stop()
        clock.pass()
        let idle = ClosingNotice(time: clock.time, say: { _ in printed.withLock { $0 += 1 } }, { DemoPlan.waiting(for: []) })
        idle.start()
        clock.pass()
        #expect(printed.withLock { $0 } == 0)
    }

    @Test("An abandoned scenario reports the resources it waited for, at most five by name.")
    func abandoned() {
        #expect(DemoPlan.left([]) == "the scenario did not close within 5 s and was abandoned")
        #expect(DemoPlan.left(["A#1"]) == "the scenario did not close within 5 s and was abandoned; it waited for A#1")
        #expect(DemoPlan.left((1...7).map { "A#\($0)" }).hasSuffix("A#1, A#2, A#3, A#4, A#5 and 2 more"))
    }
}

import ResourceContainer
import Testing

@testable import resmon

@Suite("Waiting at the end")
struct ClosingNoticeTests {
    /// A time whose only deadline is met when the test says so.
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

    @Test("closing that takes long says what it waits for, once")
    func says() {
        let clock = Clock()
        let said = Lock<[String]>([])
        let notice = ClosingNotice(time: clock.time, say: { line in said.withLock { $0.append(line) } }) {
            DemoPlan.waiting(for: ["Journal#1", "Journal#3"])
        }
        notice.start()
        #expect(said.withLock { $0 }.isEmpty)
        clock.pass()
        clock.pass()
        notice.stop()
        #expect(said.withLock { $0 } == ["closing: waiting for Journal#1, Journal#3"])
    }

    @Test("closing that is done in time, or waits for nothing, says nothing")
    func silent() {
        let clock = Clock()
        let said = Lock(0)
        let quick = ClosingNotice(time: clock.time, say: { _ in said.withLock { $0 += 1 } }, { "waiting" })
        quick.start()
        quick.stop()
        clock.pass()
        let idle = ClosingNotice(time: clock.time, say: { _ in said.withLock { $0 += 1 } }, { DemoPlan.waiting(for: []) })
        idle.start()
        clock.pass()
        #expect(said.withLock { $0 } == 0)
    }

    @Test("a scenario that is left says what it waited for, and of many the first five")
    func left() {
        #expect(DemoPlan.left([]) == "the scenario did not close within 5 s and was left")
        #expect(DemoPlan.left(["A#1"]) == "the scenario did not close within 5 s and was left; it waited for A#1")
        #expect(DemoPlan.left((1...7).map { "A#\($0)" }).hasSuffix("A#1, A#2, A#3, A#4, A#5 and 2 more"))
    }
}

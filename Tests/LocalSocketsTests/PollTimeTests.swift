import Testing

@testable import LocalSockets

@Suite("The time limit of a wait in poll")
struct PollTimeTests {
    @Test("A duration is rounded up to milliseconds, and is never negative.")
    func rounded() {
        #expect(Duration.zero.pollTime == 0)
        #expect(Duration.nanoseconds(1).pollTime == 1)
        #expect(Duration.milliseconds(5).pollTime == 5)
        #expect(Duration.nanoseconds(5_000_001).pollTime == 6)
        #expect(Duration.seconds(-3).pollTime == 0)
    }

    @Test("A duration that poll cannot express is its longest one.")
    func longest() {
        #expect(Duration.nanoseconds(Int64.max).pollTime == Int32.max)
        #expect(Duration.seconds(Int64.max).pollTime == Int32.max)
    }
}

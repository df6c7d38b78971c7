import ResourceContainer
import Testing

@testable import ResourceAttachClient

@Suite("The window of a probe, on manual time")
struct ProbeWindowTests {
    private static func at(_ milliseconds: Int64) -> TimeSource.Instant { TimeSource.Instant(nanoseconds: milliseconds * 1_000_000) }

    /// Admits as many servers as the window has room for.
    private static func admit(_ window: inout ProbeWindow, at milliseconds: Int64) -> [Int] {
        var admitted: [Int] = []
        while let index = window.admit(at: Self.at(milliseconds)) { admitted.append(index) }
        return admitted
    }

    @Test("A server that does not answer keeps one place, and the others pass it.")
    func stuck() {
        var window = ProbeWindow(over: 6, size: 2, limit: .milliseconds(300))
        let first = Self.admit(&window, at: 0)
        #expect(first == [0, 1])
        var passed: [Int] = []
        for step in 1...4 {
            window.leave(step)
            passed += Self.admit(&window, at: Int64(step))
        }
        #expect(passed == [2, 3, 4, 5])
        #expect(window.open == [0, 5])
    }

    @Test("Each server has the whole time, from the moment at which it is asked.")
    func limits() {
        var window = ProbeWindow(over: 3, size: 2, limit: .milliseconds(300))
        _ = Self.admit(&window, at: 0)
        #expect(window.deadline == Self.at(300))
        let early = window.expire(at: Self.at(299))
        #expect(early.isEmpty)
        let expired = window.expire(at: Self.at(300))
        #expect(expired.sorted() == [0, 1])
        let last = Self.admit(&window, at: 300)
        #expect(last == [2])
        #expect(window.deadline == Self.at(600))
        window.leave(2)
        #expect(window.deadline == nil)
        let none = Self.admit(&window, at: 301)
        #expect(none.isEmpty)
    }
}

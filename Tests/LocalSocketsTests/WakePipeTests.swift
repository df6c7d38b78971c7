import Foundation
import LocalSockets
import Testing

@Suite("Waiting in poll")
struct WakePipeTests {
    @Test("A waiting thread is woken, and a wake-up is taken once.")
    func wake() throws {
        let pipe = try WakePipe()
        for _ in 0..<100_000 { pipe.wake() }
        var set = PollSet()
        let index = set.add(pipe.number)
        set.wait(atMost: nil)
        #expect(set[index].reads)
        pipe.clear()
        set.wait(atMost: .zero)
        #expect(!set[index].reads)
    }

    @Test("A negative number is never ready.")
    func negative() {
        var set = PollSet()
        let index = set.add(-1, writes: true)
        set.wait(atMost: .zero)
        #expect(!set[index].answersRead)
        #expect(!set[index].answersWrite)
    }

    @Test("A closed connection is over, so that reads and writes return at once.")
    func over() throws {
        let stream = try UnixSocket.pair()
        close(stream.other)
        var set = PollSet()
        let index = set.add(stream.own.number, reads: false)
        set.wait(atMost: nil)
        #expect(set[index].isOver)
        #expect(set[index].answersRead)
        #expect(set[index].answersWrite)
    }
}

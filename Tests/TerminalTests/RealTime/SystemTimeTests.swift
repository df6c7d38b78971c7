import ResourceContainer
import Testing

@Suite("The system's deadlines")
struct SystemTimeTests {
    @Test("a thousand deadlines, half of them cancelled, are met once each and never before their moment")
    func met() async throws {
        let time = TimeSource.system
        let start = time.now
        let met = Lock<[Int: Int]>([:])
        let early = Lock(0)
        let all = Promise<Void>()
        for number in 0..<1000 {
            // Later and earlier ones in turn, so that the sleeping task is replaced again and again.
            let moment = start + .microseconds((number * 7919) % 20_000)
            let deadline = time.schedule(at: moment) {
                if time.now < moment { early.withLock { $0 += 1 } }
                let count = met.withLock { met in
                    met[number, default: 0] += 1
                    return met.count
                }
                if count == 500 { all.fulfil(()) }
            }
            if number % 2 == 1 { deadline.cancel() }
        }
        // A cancelled one may have come before it was cancelled; the others all come.
        await all.waitThroughCancellation()
        try await time.sleep(until: start + .milliseconds(25))
        let counts = met.withLock { $0 }
        #expect(counts.values.allSatisfy { $0 == 1 })
        #expect((0..<500).allSatisfy { counts[$0 * 2] == 1 })
        #expect(early.withLock { $0 } == 0)
    }
}

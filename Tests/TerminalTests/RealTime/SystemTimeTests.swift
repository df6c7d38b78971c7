import ResourceContainer
import Testing

@Suite("Deadlines of the system time source")
struct SystemTimeTests {
    @Test("A thousand deadlines fire at most once and never early; only canceled ones may be skipped.")
    func met() async throws {
        let time = TimeSource.system
        let start = time.now
        let met = Lock<[Int: Int]>([:])
        let early = Lock(0)
        let all = Promise<Void>()
        for number in 0..<1000 {
            // Later and earlier deadlines alternate, so the sleeping task is replaced repeatedly.
            let moment = start + .microseconds((number * 7919) % 20_000)
            let deadline = time.schedule(at: moment) {
                if time.now < moment { early.withLock { $0 += 1 } }
                let count = met.withLock { met in
                    met[number, default: 0] += 1
                    return met.count
                }
                if count == 500 { all.fulfill(()) }
            }
            if number % 2 == 1 { deadline.cancel() }
        }
        // A canceled deadline may have fired before its cancellation. All others fire.
        await all.waitThroughCancellation()
        try await time.sleep(until: start + .milliseconds(25))
        let counts = met.withLock { $0 }
        #expect(counts.values.allSatisfy { $0 == 1 })
        #expect((0..<500).allSatisfy { counts[$0 * 2] == 1 })
        #expect(early.withLock { $0 } == 0)
    }
}

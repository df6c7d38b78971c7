import Foundation
import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Duration buckets: constant memory and quantiles within a documented error")
struct DurationBucketsTests {
    @Test("A quantile is never below the true value and at most a quarter above it.", arguments: 0..<20 as Range<UInt64>)
    func error(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var buckets = DurationBuckets()
        var values: [Int64] = []
        for _ in 0..<1000 {
            let power = Int64.random(in: 11...41, using: &random)
            values.append(Int64.random(in: 1024...(1 << power), using: &random))
            buckets.record(.nanoseconds(values[values.count - 1]))
        }
        values.sort()
        for percent in [1, 25, 50, 75, 95, 99, 100] {
            let exact = Double(values[(values.count * percent + 99) / 100 - 1])
            let reported = Double(buckets.quantile(Double(percent) / 100).wholeNanoseconds)
            #expect(reported >= exact)
            #expect(reported <= exact * 1.25)
        }
        #expect(buckets.total == 1000)
        #expect(buckets.buckets.map(\.count).reduce(0, +) == 1000)
        #expect(buckets.buckets.map(\.end) == buckets.buckets.map(\.end).sorted())
    }

    @Test("A duration of zero is reported as zero, and one of more than an hour as the last bucket.")
    func edges() {
        var buckets = DurationBuckets()
        #expect(buckets.quantile(0.5) == .zero)
        #expect(buckets.buckets.isEmpty)
        buckets.recordNone(99)
        buckets.record(.seconds(1_000_000))
        buckets.record(.seconds(-1))
        #expect(buckets.total == 101)
        #expect(buckets.quantile(0.5) == .zero)
        #expect(buckets.quantile(1) > .seconds(3600))
        #expect(buckets.count(upTo: .zero) == 100)
        #expect(buckets.count(upTo: .seconds(3600)) == 100)
        #expect(buckets.count(upTo: .seconds(9000)) == 101)
    }

    @Test("The difference of two states contains the durations between them, and a state survives encoding as text.")
    func differenceAndText() throws {
        var buckets = DurationBuckets()
        buckets.record(.milliseconds(3))
        let earlier = buckets
        buckets.record(.milliseconds(70))
        buckets.recordNone(2)
        let between = buckets.since(earlier)
        #expect(between.total == 3)
        #expect(between.count(upTo: .milliseconds(10)) == 2)
        #expect(between.quantile(1) >= .milliseconds(70))
        #expect(between.sum == .milliseconds(70))
        #expect(earlier.since(DurationBuckets()) == earlier)
        let text = try JSONEncoder().encode(buckets)
        let back = try JSONDecoder().decode(DurationBuckets.self, from: text)
        #expect(back == buckets)
        #expect(back.sum == .milliseconds(73))
        #expect(throws: DecodingError.self) {
            _ = try JSONDecoder().decode(DurationBuckets.self, from: Data(#"{"sum":1,"buckets":[[130,1]]}"#.utf8))
        }
    }
}

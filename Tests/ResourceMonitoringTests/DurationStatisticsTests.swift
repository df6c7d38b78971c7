import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("Quantiles: exact for few values, within the histogram's error beyond")
struct DurationStatisticsTests {
    @Test("Without values, every figure is zero.")
    func empty() {
        #expect(DurationStatistics(.overall).summary == DurationSummary())
    }

    @Test(
        "The median of an even number of values is the mean of the middle two.",
        arguments: [([5], 5), ([1, 3], 2), ([9, 1, 5], 5), ([4, 1, 3, 2], 2)] as [([Int], Int)]
    )
    func median(values: [Int], expected: Int) {
        var statistics = DurationStatistics(.overall)
        for value in values { statistics.record(.nanoseconds(value)) }
        #expect(statistics.summary.median == .nanoseconds(expected))
    }

    @Test("While the statistics are exact, every figure equals the brute-force result.", arguments: 0..<10 as Range<UInt64>)
    func exact(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var statistics = DurationStatistics(.overall)
        let values = (0..<Int.random(in: 1...4096, using: &random)).map { _ in Int64.random(in: 0...10_000_000_000, using: &random) }
        for value in values { statistics.record(.nanoseconds(value)) }
        let sorted = values.sorted()
        let summary = statistics.summary
        #expect(summary.count == values.count)
        #expect(summary.average == .nanoseconds(values.reduce(0, +) / Int64(values.count)))
        #expect(summary.maximum == .nanoseconds(sorted[sorted.count - 1]))
        #expect(summary.p95 == .nanoseconds(sorted[Int((0.95 * Double(sorted.count)).rounded(.up)) - 1]))
        let middle = sorted.count / 2
        let median = sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2
        #expect(summary.median == .nanoseconds(median))
    }

    @Test("Beyond the exact limit, quantiles are within one percent; count, mean, and maximum stay exact.")
    func histogram() {
        var random = SeededRandom(seed: 3)
        var statistics = DurationStatistics(.overall)
        let values = (0..<50_000).map { _ in Int64.random(in: 1_000_000...5_000_000_000, using: &random) }
        for value in values { statistics.record(.nanoseconds(value)) }
        let sorted = values.sorted()
        let summary = statistics.summary
        #expect(summary.count == 50_000)
        #expect(summary.maximum == .nanoseconds(sorted[49_999]))
        #expect(summary.average == .nanoseconds(values.reduce(0, +) / 50_000))
        for (found, exact) in [(summary.median, sorted[24_999]), (summary.p95, sorted[47_499]), (summary.p99, sorted[49_499])] {
            #expect(abs(Double(found.wholeNanoseconds) / Double(exact) - 1) < 0.011)
        }
    }

    @Test(
        "Ten million values of a known distribution take constant memory and stay within the documented error.",
        .enabled(if: ProcessInfo.processInfo.environment["RESMON_SOAK"] != nil)
    )
    func tenMillionValues() {
        self.check(10_000_000)
    }

    @Test("A million values of a known distribution take constant memory and stay within the documented error.")
    func millionValues() {
        self.check(1_000_000)
    }

    /// Records squares of evenly spread values: of those between 0 and 10^10, the quantile `p` is `p` squared times 10^10.
    private func check(_ count: Int) {
        var random = SeededRandom(seed: 1)
        for (precision, error) in [(DurationStatistics.Precision.overall, 0.01), (.perRow, 0.1)] {
            var statistics = DurationStatistics(precision)
            var sum = 0.0
            for _ in 0..<count {
                let root = Double.random(in: 0..<1, using: &random)
                let value = Int64(root * root * 1e10)
                sum += Double(value)
                statistics.record(.nanoseconds(value))
            }
            let summary = statistics.summary
            #expect(summary.count == count)
            #expect(abs(Double(summary.average.wholeNanoseconds) - sum / Double(count)) < 2)
            for (value, part) in [(summary.median, 0.5), (summary.p95, 0.95), (summary.p99, 0.99)] {
                // The sample's own quantile deviates by some thousandths.
                let ratio = Double(value.wholeNanoseconds) / (part * part * 1e10)
                #expect(ratio > 1 - error - 0.01)
                #expect(ratio < 1 + error + 0.01)
            }
            #expect(statistics.bytes < 64 * 1024)
        }
    }
}

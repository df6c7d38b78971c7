import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("Format")
struct FormatTests {
    @Test(
        "A brief number has at most five characters.",
        arguments: [
            (0, "0"), (999, "999"), (2000, "2,000"), (9999, "9,999"), (10_000, "10.0k"), (126_400, "126k"), (1_000_000, "1.0M"),
            (120_000_000, "120M"),
        ]
    )
    func brief(_ value: Int, _ text: String) {
        #expect(Format.brief(value) == text)
    }

    @Test(
        "A duration is rounded to its last digit.",
        arguments: [
            (0, "0ms"), (999, "0ms"), (1000, "1us"), (999_999, "999us"), (1_000_000, "1ms"), (630_499_999, "630ms"),
            (630_500_000, "631ms"), (999_500_000, "1.00s"), (9_999_500_000, "10.0s"), (61_000_000_000, "1m01s"),
        ] as [(Int64, String)]
    )
    func duration(_ nanoseconds: Int64, _ text: String) {
        #expect(Format.duration(.nanoseconds(nanoseconds)) == text)
    }

    @Test("A table and a sentence of the monitor show the same milliseconds of a duration.")
    func sameMilliseconds() {
        for nanoseconds in stride(from: Int64(1_000_000), to: 999_000_000, by: 333_333) {
            let duration = Duration.nanoseconds(nanoseconds)
            #expect(Format.duration(duration) == duration.brief.replacing(" ", with: ""))
        }
    }
}

import ResourceDashboard
import Testing

@testable import resmon

@Suite("Command-line arguments")
struct ArgumentTests {
    @Test(
        "A duration is a whole number with a unit.",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("12s", .seconds(12)), ("5m", .seconds(300)), ("1h", .seconds(3600)), ("0s", .zero),
            ("24h", .seconds(86400)),
        ]
    )
    func duration(text: String, expected: Duration) throws {
        #expect(try DurationArgument("--x", parsing: text).duration == expected)
    }

    @Test(
        "An invalid duration is rejected with the option's name and the accepted form.",
        arguments: ["", "12", "s", "-1s", "+1s", "1.5s", "12 s", "1d", "١s", "12sec", "s12"]
    )
    func noDuration(text: String) {
        #expect(
            throws: UsageFault("--x: '\(text)' is not a duration: give a whole number with a unit, such as 500ms, 12s, 5m or 1h")
        ) { try DurationArgument("--x", parsing: text) }
    }

    @Test("A duration beyond a day is rejected, however many digits it has.", arguments: ["25h", "86400001ms", "99999999999999999999999h"])
    func tooLong(text: String) {
        #expect(throws: UsageFault("--x: '\(text)' is too long: up to 24h is accepted")) { try DurationArgument("--x", parsing: text) }
    }

    @Test("A time in a recording may exceed a day.")
    func recordedTime() throws {
        let longest = DurationArgument.longestRecorded
        #expect(try DurationArgument("--x", parsing: "30h", longest: longest).duration == .seconds(108_000))
        #expect(throws: UsageFault("--x: '200000h' is too long: up to 100000h is accepted")) {
            try DurationArgument("--x", parsing: "200000h", longest: longest)
        }
    }

    @Test("A size is columns x rows.")
    func size() throws {
        #expect(try SizeArgument("--x", parsing: "120x36") == SizeArgument(width: 120, height: 36))
        #expect(try SizeArgument("--x", parsing: "1x1") == SizeArgument(width: 1, height: 1))
        #expect(try SizeArgument("--x", parsing: "1000x1000") == SizeArgument(width: 1000, height: 1000))
    }

    @Test(
        "An invalid size is rejected with the option's name.",
        arguments: ["", "x", "120", "120x", "x36", "120X36", "120x36x1", "-1x5", "+1x5", "a b"]
    )
    func noSize(text: String) {
        #expect(throws: UsageFault("--x: '\(text)' is not a size: columns x rows is accepted, such as 120x36")) {
            try SizeArgument("--x", parsing: text)
        }
    }

    @Test("A size out of range is rejected with the accepted range.", arguments: ["0x5", "5x0", "1001x5", "5x99999999999999999999"])
    func sizeOutOfRange(text: String) {
        #expect(throws: UsageFault("--x: '\(text)' is out of range: 1x1 to 1000x1000 is accepted")) {
            try SizeArgument("--x", parsing: text)
        }
    }

    @Test(
        "An amount of memory is a whole number with a unit.",
        arguments: [("64MB", 64 << 20), ("16MB", 16 << 20), ("1GB", 1 << 30), ("64GB", 64 << 30)]
    )
    func memory(text: String, expected: Int) throws {
        #expect(try MemoryArgument("--x", parsing: text).bytes == expected)
    }

    @Test("An invalid amount of memory is rejected with the option's name.", arguments: ["", "64", "MB", "-64MB", "64 MB", "64mb", "64KB"])
    func noMemory(text: String) {
        #expect(
            throws: UsageFault("--x: '\(text)' is not an amount of memory: give a whole number with a unit, such as 256MB or 1GB")
        ) { try MemoryArgument("--x", parsing: text) }
    }

    @Test("An amount of memory out of range is rejected.", arguments: ["0MB", "15MB", "65GB", "99999999999999999999GB"])
    func memoryOutOfRange(text: String) {
        #expect(throws: UsageFault("--x: '\(text)' is out of range: 16MB to 64GB is accepted")) {
            try MemoryArgument("--x", parsing: text)
        }
    }

    @Test("The view of the processes exists only while attached.")
    func processesView() throws {
        #expect(try ViewArgument.parse("processes", hasProcesses: true) == .processes)
        #expect(try ViewArgument.parse("pools", hasProcesses: true) == .pools)
        #expect(throws: UsageFault("--view: the view 'processes' exists only in 'resmon attach'")) { try ViewArgument.parse("processes") }
    }

    @Test("An invalid choice is rejected with the list of all choices.")
    func choice() throws {
        #expect(throws: UsageFault("--x: 'pdf' is not a format: text, ansi are accepted")) {
            try Choice.parse("pdf", "--x", "format") as Sample
        }
        #expect(try Choice.parse("ansi", "--x", "format") as Sample == .ansi)
    }

    private enum Sample: String, CaseIterable {
        case text, ansi
    }
}

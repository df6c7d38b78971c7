import ArgumentParser
import ResourceContainer
import ResourceDashboard
import ResourceRecording

/// `resmon check`: checks a recording against rules and limits, for continuous integration.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a recording: exit with code 3 if it breaks a rule or if events were missed."
    )

    @Argument(help: ArgumentHelp("The recording.", valueName: "file"), completion: .file(extensions: ["jsonl"]))
    var file: String

    @Option(
        name: .customLong("fail-on"),
        help: ArgumentHelp(
            "The rules to check, separated by commas: leak, unhealthy, dispose-threw, abandoned, books (default: all of them).",
            valueName: "list"
        )
    )
    var failOn: String?

    @Option(
        name: .customLong("max-active"),
        help: ArgumentHelp("The largest number of active instances of a type; may be repeated.", valueName: "type=n")
    )
    var maxActive: [String] = []

    @Option(
        name: .customLong("max-lifetime"),
        help: ArgumentHelp("The longest lifetime of an instance of a type; may be repeated.", valueName: "type=time")
    )
    var maxLifetime: [String] = []

    @Flag(help: "Write the result as JSON.")
    var json = false

    func run() throws {
        let limits = try self.limits()
        let verdict: RecordingVerdict
        do throws(RecordingError) {
            verdict = try RecordingVerdict(path: self.file, limits: limits)
        } catch {
            throw UsageFault(error.description)
        }
        try Console.show(self.json ? try StableJSON.encode(verdict) : verdict.text(of: self.file))
        if !verdict.passed { throw ExitCode(ExitStatus.checkFailed) }
    }

    func limits() throws(UsageFault) -> RecordingLimits {
        var limits = RecordingLimits()
        if let list = self.failOn {
            limits.failOn = []
            for name in list.split(separator: ",", omittingEmptySubsequences: false) {
                limits.failOn.insert(try Choice.parse(String(name), "--fail-on", "rule"))
            }
        }
        for text in self.maxActive {
            let (type, value) = try Self.pair(text, "--max-active", "TYPE=N, such as Database=4")
            guard let count = Int(value), count >= 0 else {
                throw UsageFault("--max-active: '\(value)' is not a number: give TYPE=N, such as Database=4")
            }
            limits.maxActive.append(RecordingLimits.Active(type: type, limit: count))
        }
        for text in self.maxLifetime {
            let (type, value) = try Self.pair(text, "--max-lifetime", "TYPE=T, such as Database=5m")
            limits.maxLifetime.append(
                RecordingLimits.Lifetime(
                    type: type,
                    limit: try DurationArgument("--max-lifetime", parsing: value, longest: DurationArgument.longestRecorded).duration
                )
            )
        }
        return limits
    }

    private static func pair(_ text: String, _ option: String, _ form: String) throws(UsageFault) -> (String, String) {
        guard let sign = text.lastIndex(of: "="), sign > text.startIndex else {
            throw UsageFault("\(option): '\(text)' is not accepted: give \(form)")
        }
        return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }
}

extension RecordingVerdict {
    /// The verdict as text.
    func text(of file: String) -> String {
        var lines = [
            "\(file.cleaned(limit: TextLimit.sentence)): \(self.passed ? "passed" : "failed"), \(Format.duration(self.span)) with \(Format.count(self.events)) events"
        ]
        lines += self.violations.map { violation in
            let often = violation.count > 1 ? " (\(violation.count) times)" : ""
            let others = violation.subjects > 1 ? " and \(Format.count(violation.subjects - 1)) more" : ""
            let location = violation.location.map { " at \($0)" } ?? ""
            return "  \(violation.rule): \(violation.subject)\(others)\(location): \(violation.evidence)\(often)"
        }
        if !self.found.isEmpty {
            let kinds = self.found.map { found in
                "\(found.kind.rawValue) \(found.findings) of \(found.subjects) \(found.subjects == 1 ? "subject" : "subjects")"
            }
            lines.append("  findings: \(kinds.joined(separator: ", "))")
        }
        lines += self.remarks.map { "  note: \($0.asSentence)" }
        // Names and messages come from the recorded program and may contain control characters.
        return lines.map { $0.cleaned(limit: TextLimit.report) + "\n" }.joined()
    }
}

import ArgumentParser
import ResourceContainer
import ResourceDashboard
import ResourceRecording

/// `resmon check`: checks a recording, or a running process, against rules and limits, for continuous integration.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a recording, or a running process: exit with code 3 if it breaks a rule or if events were missed."
    )

    @Argument(
        help: ArgumentHelp("The recording or the feed; - is a feed on standard input.", valueName: "file"),
        completion: .file(extensions: ["jsonl"])
    )
    var file: String?

    @Option(
        help: ArgumentHelp("Check a running process instead, for the time --for; 'resmon ps' lists them.", valueName: "process"),
        completion: .processes
    )
    var attach: String?

    @Option(name: .customLong("for"), parsing: .unconditional, help: ArgumentHelp("The time to watch the process.", valueName: "time"))
    var length: String?

    @Option(
        name: .customLong("fail-on"),
        help: ArgumentHelp(
            "The rules to check, separated by commas: leak, unhealthy, dispose-threw, abandoned, books (default: these); scopes-failing.",
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

    /// The subject of a check.
    enum Subject: Equatable {
        case file(String)
        /// The process with this name, for this time.
        case process(String, Duration)
    }

    func run() async throws {
        let limits = try self.limits()
        let name: String
        let verdict: RecordingVerdict
        switch try self.subject() {
        case .file(let path):
            name = path
            verdict = try Self.verdict(path, limits)
        case .process(let process, let length):
            name = process
            let endpoint = try AttachArguments.one([process], "--attach")
            verdict = try await AttachedSample.with(endpoint, for: length) { try Self.verdict($0, limits, $1, of: length) }
        }
        try Console.show(self.json ? try StableJSON.encode(verdict) : verdict.text(of: name))
        if !verdict.passed { throw ExitCode(ExitStatus.checkFailed) }
    }

    /// Validates the subject.
    func subject() throws(UsageFault) -> Subject {
        guard let process = self.attach else {
            if self.length != nil { throw UsageFault("--for applies only to a running process: add --attach") }
            guard let file = self.file else { throw UsageFault("check: give a recording, or a running process by --attach and --for") }
            return .file(file)
        }
        if self.file != nil { throw UsageFault("--attach and a recording contradict each other: give one of them") }
        guard let length = self.length else { throw UsageFault("--for is missing: give the time to watch the process, such as --for 30s") }
        return .process(process, try DurationArgument("--for", parsing: length).duration)
    }

    private static func verdict(_ path: String, _ limits: RecordingLimits) throws(UsageFault) -> RecordingVerdict {
        do throws(RecordingError) {
            let file = try FeedFile(path)
            defer { file.remove() }
            let verdict = try RecordingVerdict(path: file.path, limits: limits)
            return file.remark.map { verdict.adding(remark: $0) } ?? verdict
        } catch {
            throw UsageFault(error.description)
        }
    }

    /// The verdict on the sample of a process. A sample that was lost before its time fails the check, because the rest is not checked. After
    /// a regular end there is no rest, which is a remark.
    static func verdict(
        _ path: String,
        _ limits: RecordingLimits,
        _ end: AttachedSample.End,
        of length: Duration
    ) throws -> RecordingVerdict {
        switch end {
        case .complete: return try Self.verdict(path, limits)
        case .closed:
            let verdict = try Self.verdict(path, limits)
            let (watched, whole) = (Format.duration(verdict.span), Format.duration(length))
            return verdict.adding(remark: "the process ended the stream after \(watched) of \(whole); there was nothing more to check")
        case .lost(let reason):
            // A file that ends before the first events contains nothing to check.
            guard let verdict = try? Self.verdict(path, limits) else { throw RecordingError(reason) }
            let (watched, whole) = (Format.duration(verdict.span), Format.duration(length))
            return verdict.adding(violation: "lost", "the process was watched for \(watched) of \(whole): \(reason)")
        }
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
        if let outcomes = self.report.outcomesOfAllTags.words { lines.append("  scopes: \(outcomes)") }
        lines += self.remarks.map { "  note: \($0.asSentence)" }
        // Names and messages come from the recorded program and may contain control characters.
        return lines.map { $0.cleaned(limit: TextLimit.report) + "\n" }.joined()
    }
}

extension ScopeOutcomeCounts {
    /// The counts in words, such as `40 returned, 3 threw`; nil if no scope has an outcome.
    fileprivate var words: String? {
        guard self.total > self.none else { return nil }
        return self.named.filter { $0.count > 0 }.map { "\(Format.count($0.count)) \($0.name == "none" ? "without an outcome" : $0.name)" }
            .joined(separator: ", ")
    }
}

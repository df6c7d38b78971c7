public import Logging
import ResourceContainer
public import ResourceMonitoring

/// Writes findings to a swift-log logger: a line when one is raised, and a line when it is withdrawn with its last subject.
///
/// Low findings are `info`, medium ones `warning`, high ones `error`; the end of one is a `notice`. Kind, subject, count and place are
/// metadata. A finding that stands is not repeated.
public final class FindingLog: Sendable {
    /// What makes two findings one and the same, however often it is raised.
    private struct Key: Hashable {
        var kind: Finding.Kind
        var place: SourcePlace?
        var subject: Finding.Subject?

        init(_ finding: Finding) {
            self.kind = finding.kind
            self.place = finding.place
            self.subject = finding.place == nil ? finding.subject : nil
        }
    }

    private struct State: Sendable {
        /// Those that were told, and stand, as they were seen last.
        var standing: [Key: Finding] = [:]
        /// How often those had happened that were withdrawn until now.
        var withdrawn: [Key: Int] = [:]
    }

    private let monitor: ResourceMonitor
    private let logger: Logger
    private let state = Lock(State())

    /// Writes the findings of `monitor` to `logger`.
    public init(_ monitor: ResourceMonitor, logger: Logger) {
        self.monitor = monitor
        self.logger = logger
    }

    /// Writes what was raised and withdrawn since the last time.
    public func write() {
        let (standing, withdrawn) = self.monitor.allFindings()
        let (raised, over) = self.state.withLock { state in Self.news(standing, withdrawn, &state) }
        for finding in raised {
            self.logger.log(
                level: finding.severity.level,
                "\(finding.kind.rawValue): \(finding.subject.label): \(finding.evidence). \(finding.advice)",
                metadata: finding.metadata
            )
        }
        for finding in over {
            let message: Logger.Message =
                "\(finding.kind.rawValue): \(finding.subject.label): withdrawn, \(finding.count == 1 ? "happened once" : "happened \(finding.count) times")"
            self.logger.notice(message, metadata: finding.metadata)
        }
    }

    /// What was raised and what is over since the last time, in the order of their identity. A finding that came and went in between is both.
    private static func news(_ standing: [Finding], _ withdrawn: [Finding], _ state: inout State) -> (raised: [Finding], over: [Finding]) {
        let before = state.standing
        let now = Dictionary(standing.map { (Key($0), $0) }, uniquingKeysWith: { first, _ in first })
        var raised = standing.filter { before[Key($0)] == nil }
        var over = before.filter { now[$0.key] == nil }.map(\.value)
        for finding in withdrawn {
            let key = Key(finding)
            let told = state.withdrawn.updateValue(finding.count, forKey: key) ?? 0
            guard finding.count > told, now[key] == nil, before[key] == nil else { continue }
            var finding = finding
            finding.count -= told
            raised.append(finding)
            over.append(finding)
        }
        // What is not kept any more begins anew when it comes again.
        let kept = Set(withdrawn.map(Key.init))
        state.withdrawn = state.withdrawn.filter { kept.contains($0.key) }
        state.standing = now
        return (raised.sorted { $0.id < $1.id }, over.sorted { $0.id < $1.id })
    }

    /// Writes every `interval`, and once more when its task is cancelled.
    public func run(every interval: Duration = .seconds(1)) async {
        let time = self.monitor.time
        while (try? await time.sleep(for: interval)) != nil { self.write() }
        self.write()
    }
}

extension Finding.Severity {
    fileprivate var level: Logger.Level {
        switch self {
        case .low: .info
        case .medium: .warning
        case .high: .error
        }
    }
}

extension Finding {
    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["kind": "\(self.kind.rawValue)", "subject": "\(self.subject.label)", "count": "\(self.count)"]
        if self.subjectCount > 1 { metadata["subjects"] = "\(self.subjectCount)" }
        if let place { metadata["place"] = "\(place)" }
        return metadata
    }
}

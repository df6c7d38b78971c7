public import Logging
import ResourceContainer
public import ResourceMonitoring

/// A writer of findings to a swift-log logger: one message when a finding is raised, and one when it is withdrawn.
///
/// Each finding is logged once; an active finding is not repeated. The log level is `info` for low, `warning` for medium, and `error` for
/// high severity, and `notice` for a withdrawal. Kind, subject, count, and source location are metadata.
public final class FindingLog: Sendable {
    /// The identity of a finding over repeated raises.
    private struct Key: Hashable {
        var kind: Finding.Kind
        var location: CodeLocation?
        var subject: Finding.Subject?

        init(_ finding: Finding) {
            self.kind = finding.kind
            self.location = finding.location
            self.subject = finding.location == nil ? finding.subject : nil
        }
    }

    private struct State: Sendable {
        /// The active findings that have been logged, as last read.
        var standing: [Key: Finding] = [:]
        /// The counts of withdrawn findings that have been logged.
        var withdrawn: [Key: Int] = [:]
    }

    private let monitor: ResourceMonitor
    private let logger: Logger
    private let state = Lock(State())

    /// Creates a log of the findings of `monitor`.
    ///
    /// - Parameters:
    ///   - monitor: The monitor whose findings are logged.
    ///   - logger: The logger that receives the messages.
    public init(_ monitor: ResourceMonitor, logger: Logger) {
        self.monitor = monitor
        self.logger = logger
    }

    /// Logs the findings raised and withdrawn since the last call.
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
                "\(finding.kind.rawValue): \(finding.subject.label): withdrawn, \(finding.count == 1 ? "occurred once" : "occurred \(finding.count) times")"
            self.logger.notice(message, metadata: finding.metadata)
        }
    }

    /// The findings raised and withdrawn since the last call, ordered by number. A finding that did both in between is in both lists.
    private static func news(_ standing: [Finding], _ withdrawn: [Finding], _ state: inout State) -> (raised: [Finding], over: [Finding]) {
        let before = state.standing
        let now = Dictionary(standing.map { (Key($0), $0) }, uniquingKeysWith: { first, _ in first })
        var raised = standing.filter { before[Key($0)] == nil }
        var over = before.filter { now[$0.key] == nil }.map(\.value)
        for finding in withdrawn {
            let key = Key(finding)
            let logged = state.withdrawn.updateValue(finding.count, forKey: key) ?? 0
            guard finding.count > logged, now[key] == nil, before[key] == nil else { continue }
            var finding = finding
            finding.count -= logged
            raised.append(finding)
            over.append(finding)
        }
        // The count of a withdrawn finding that the monitor no longer keeps starts again from zero.
        let kept = Set(withdrawn.map(Key.init))
        state.withdrawn = state.withdrawn.filter { kept.contains($0.key) }
        state.standing = now
        return (raised.sorted { $0.id < $1.id }, over.sorted { $0.id < $1.id })
    }

    /// Calls ``write()`` every `interval` until the task is canceled, and once more then.
    ///
    /// - Parameter interval: The time between calls, on the container's time source.
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
        if let location { metadata["location"] = "\(location)" }
        return metadata
    }
}

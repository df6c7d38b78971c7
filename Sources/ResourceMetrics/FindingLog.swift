public import Logging
import ResourceContainer
public import ResourceMonitoring

/// Writes findings to a swift-log logger: a line when one is raised, and a line when it is withdrawn.
///
/// Low findings are `info`, medium ones `warning`, high ones `error`; the end of one is a `notice`. Kind, subject, count and place are
/// metadata. A finding that stands is not repeated.
public final class FindingLog: Sendable {
    private struct State: Sendable {
        /// The last finding that was told to be raised.
        var lastRaised: UInt64 = 0
        /// Those that were told, and stand.
        var standing: Set<UInt64> = []
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
        let findings = self.monitor.allFindings()
        let (raised, withdrawn) = self.state.withLock { state in
            let known = findings.standing + findings.withdrawn
            let raised = known.filter { $0.id > state.lastRaised }.sorted { $0.id < $1.id }
            state.standing.formUnion(raised.map(\.id))
            state.lastRaised = max(state.lastRaised, raised.last?.id ?? 0)
            let withdrawn = findings.withdrawn.filter { state.standing.remove($0.id) != nil }
            return (raised, withdrawn)
        }
        for finding in raised {
            self.logger.log(
                level: finding.severity.level,
                "\(finding.kind.rawValue): \(finding.subject.label): \(finding.evidence). \(finding.advice)",
                metadata: finding.metadata
            )
        }
        for finding in withdrawn {
            let message: Logger.Message =
                "\(finding.kind.rawValue): \(finding.subject.label): withdrawn, \(finding.count == 1 ? "happened once" : "happened \(finding.count) times")"
            self.logger.notice(message, metadata: finding.metadata)
        }
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
        if let place { metadata["place"] = "\(place)" }
        return metadata
    }
}

import ResourceAttachClient
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring

/// The present moment of a running process: everything that one frame of the dashboard needs.
struct AttachedFrame {
    /// The process and its host.
    let origin: String
    let clock: WallClock
    /// The past that the process's flight recorder keeps, and the present state.
    let updates: [MonitorUpdate]
    /// The time since the creation of the container.
    let age: Duration
    /// The figures of the process's own monitor; nil if it has none.
    let report: MonitorReport?

    /// The longest time to wait for a process to answer.
    static let patience = Duration.seconds(20)
}

extension AttachedFrame {
    /// Connects to a process, reads its state, and disconnects. Takes little longer than `limit`, even if the process does not answer.
    ///
    /// - Throws: `AttachFailure` if the process refuses the connection or does not answer.
    init(_ endpoint: AttachEndpoint, within limit: Duration = Self.patience) async throws {
        let source = AttachedSource(endpoint)
        let result: Result<AttachedFrame, any Error>
        do {
            result = .success(try await Self.read(source, endpoint, within: limit))
        } catch {
            result = .failure(error)
        }
        await source.close()
        self = try result.get()
    }

    private static func read(_ source: AttachedSource, _ endpoint: AttachEndpoint, within limit: Duration) async throws -> AttachedFrame {
        let status = await source.connect(within: limit)
        let failure = AttachFailure(Self.absence(of: endpoint, status, within: limit))
        switch status {
        case .connecting, .silent, .reconnecting, .refused: throw failure
        case .live, .ended: break
        }
        let past = await source.past()
        // A process that was stopped after its header sends no state.
        guard let present = await Self.first(of: source.updates(rate: 30), within: limit), let clock = source.clock else { throw failure }
        let updates = past + [present]
        let root = updates.flatMap(\.scopes).first { $0.scope.id == .root }
        return AttachedFrame(
            origin: source.origin,
            clock: clock,
            updates: updates,
            age: root.map { present.time - $0.scope.openedAt } ?? .zero,
            report: source.report
        )
    }

    /// The reason why nothing is known of a process.
    private static func absence(of endpoint: AttachEndpoint, _ status: ConnectionStatus, within limit: Duration) -> String {
        switch status {
        case .refused(let reason): reason
        case .ended(_, let how): "\(endpoint) has ended: \(how)"
        case .connecting, .live, .silent, .reconnecting:
            "\(endpoint) does not answer: nothing arrived within \(limit); its process may be stopped, or has no time"
        }
    }

    /// Returns the first update of a stream; nil if there is none within `limit`.
    static func first(of updates: AsyncStream<MonitorUpdate>, within limit: Duration, time: TimeSource = .system) async -> MonitorUpdate? {
        await withTaskGroup(of: MonitorUpdate?.self) { group in
            group.addTask {
                var iterator = updates.makeAsyncIterator()
                return await iterator.next()
            }
            group.addTask {
                try? await time.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}

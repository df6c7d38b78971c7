import ResourceContainer
import ResourceDashboard
import ResourceRecording

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An attached process that has ended.
struct EndedProcess: Sendable {
    let id: ProcessID
    let endpoint: AttachEndpoint
    let container: String
    let description: AttachDescription
    /// The time of its last data, as a Unix time in nanoseconds; nil if it sent none.
    let lastSeen: Int64?

    /// The time for which two runs may overlap, in nanoseconds: a service may start the next run shortly before the last one has ended.
    private static let overlap: Int64 = 5_000_000_000

    /// Whether a run began when this one had ended, or shortly before. A process that ran beside this one does not replace it.
    func isFollowed(by other: AttachDescription) -> Bool {
        guard other.instance != self.description.instance else { return false }
        return other.started >= self.lastSeen?.subtractingSaturated(Self.overlap) ?? self.description.started
    }

    /// The process that replaces this one: a following run with the same container and program, or a further container of the same process.
    /// The one that was started last, if there are several.
    ///
    /// - Parameters:
    ///   - found: The served containers.
    ///   - known: The runs that are attached already.
    func successor(among found: [LocalProcess], except known: Set<String>) -> LocalProcess? {
        found.filter { process in
            guard let other = process.description, !known.contains(other.instance), self.isFollowed(by: other) else { return false }
            return process.container == self.container && other.program == self.description.program
                || other.pid == self.description.pid && other.host == self.description.host
        }.max { ($0.description?.started ?? 0) < ($1.description?.started ?? 0) }
    }
}

extension EndedProcess {
    /// The process of a connection; nil if it has not ended.
    init?(_ id: ProcessID, _ link: AttachLink) {
        guard case .ended = link.phase, let container = link.container, let description = link.description else { return nil }
        let lastSeen = link.withFigures { $0.lastSeen }
        self.init(id: id, endpoint: link.endpoint, container: container, description: description, lastSeen: lastSeen)
    }
}

/// When the successors of which processes are searched for. A pure value.
///
/// A search on this machine follows two seconds after the last one. A search through a command, such as `ssh`, loads another machine: its
/// pauses grow to half a minute.
struct SuccessorSearch: Sendable {
    private static let interval = Duration.seconds(2)
    private static let longestInterval = Duration.seconds(30)
    /// The time for which a command gets to reach a successor.
    static let commandLimit = Duration.seconds(10)

    private struct Schedule: Sendable {
        var next: TimeSource.Instant
        var pause: Duration
    }

    /// The time of the next search on this machine; nil before the first one.
    private var next: TimeSource.Instant?
    /// The next searches through commands.
    private var schedules: [ProcessID: Schedule] = [:]

    /// Those of the processes whose successors are to be searched for now.
    func due(_ ended: [EndedProcess], at now: TimeSource.Instant) -> [EndedProcess] {
        ended.filter { process in
            let next = process.endpoint.isLocal ? self.next : self.schedules[process.id]?.next
            return next.map { now >= $0 } ?? true
        }
    }

    /// A search for the successors of these processes has ended.
    mutating func note(_ searched: [EndedProcess], at now: TimeSource.Instant) {
        for process in searched {
            guard !process.endpoint.isLocal else {
                self.next = now + Self.interval
                continue
            }
            let pause = self.schedules[process.id].map { min(Self.longestInterval, $0.pause + $0.pause) } ?? Self.interval
            self.schedules[process.id] = Schedule(next: now + pause, pause: pause)
        }
    }

    /// Blocks the thread of a search for a moment.
    static func pause() {
        usleep(20_000)
    }
}

import ResourceContainer
import ResourceMonitoring
import ResourceRecording

@testable import ResourceAttachClient

/// A whole served stream, with every kind of line, and what is known after each line.
struct CutStream {
    /// Figures of the container, as it counted them itself.
    struct Figures: Hashable {
        var created: Int
        var active: Int
        var sequence: UInt64
    }

    /// A line with its line feed.
    struct Line {
        var bytes: [UInt8]
        /// The figures that a client shows after the line; nil before the first input.
        var shown: Figures?
        /// The time of these figures.
        var time: TimeSource.Instant?
        /// The figures at the end of a recording that ends with the line; nil before the snapshot.
        var saved: Figures?
    }

    /// The reason in the end line.
    static let reason = "the container was closed"

    private(set) var lines: [Line]

    /// Serves a container.
    init() throws {
        let served = try ServedStream()
        self.lines = try served.begin().split(separator: 0x0A).map { Line(bytes: Array($0) + [0x0A]) }
        self.lines[self.lines.count - 1].saved = Figures(served.container)
        for step in 0..<3 {
            self.add(try served.turn(), from: served)
            switch step {
            case 0: self.add(try served.beat())
            case 1: self.add(try served.answer(AttachAnswer(id: 2, scope: ScopeID(1))))
            default: self.add(try served.report())
            }
        }
        self.add(try served.end(Self.reason))
    }

    /// Adds a line. An input, which is given with its source, has new figures.
    private mutating func add(_ bytes: [UInt8], from source: ServedStream? = nil) {
        var line = self.lines[self.lines.count - 1]
        line.bytes = bytes
        if let source {
            line.saved = Figures(source.container)
            line.shown = line.saved
            line.time = source.now
        }
        self.lines.append(line)
    }
}

extension CutStream.Figures {
    init(_ container: Container) {
        let (sequence, books) = container.books()
        self.init(created: books.created, active: books.active, sequence: sequence)
    }

    init(_ update: MonitorUpdate) {
        self.init(created: update.totals.books.created, active: update.totals.books.active, sequence: update.sequence)
    }

    init(_ report: MonitorReport) {
        self.init(created: report.overall.resourcesCreated, active: report.overall.activeResources, sequence: report.sequence)
    }
}

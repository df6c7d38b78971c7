import ResourceContainer
import ResourceMonitoring
import ResourceRecording

@testable import ResourceFeed

/// A feed that a test writes, and what a monitor makes of it.
///
/// Every line is also translated into lines of a recording, which a reader of recordings checks: an impossible figure is a fault there.
struct FedReader {
    private var dialect: StreamDialect
    private var reader = RecordingReader()
    private(set) var replay: MonitorReplay?
    private(set) var header: RecordingHeader?
    private(set) var events: [ResourceEvent] = []
    private(set) var answers: [AttachAnswer] = []
    private(set) var reports: [MonitorReport] = []
    private(set) var end: RecordingEnd?
    /// What a reader of recordings has to object to.
    private(set) var faults: [String] = []
    private(set) var lines: [[UInt8]] = []
    /// The time on the reader's clock, in seconds; nil for a file.
    var now: Double?

    /// The Unix time of instant 0 of the reader's clock, in seconds.
    static let origin = 1_700_000_000.0

    /// A feed that is read as it is written, or a file.
    init(isLive: Bool = true, writesReports: Bool = false) {
        let clock = isLive ? FeedClock(origin: Int64(Self.origin) * 1_000_000_000) : FeedClock()
        self.dialect = StreamDialect(FeedReader(clock), hasPreface: true, writesReports: writesReports)
        self.now = isLive ? 0 : nil
    }

    private var instant: TimeSource.Instant? {
        self.now.map { TimeSource.Instant(nanoseconds: Int64($0 * 1e9)) }
    }

    /// Takes lines that arrive together.
    mutating func take(_ lines: String...) {
        self.take(lines.map { Array($0.utf8) })
    }

    mutating func take(_ lines: [[UInt8]]) {
        self.read(self.dialect.take(lines, at: self.instant))
        if self.now == nil { self.read(self.dialect.flush(at: nil)) }
    }

    /// Lets time pass without lines.
    mutating func pass(_ seconds: Double) {
        self.now = (self.now ?? 0) + seconds
        self.read(self.dialect.flush(at: self.instant))
    }

    /// The connection ends.
    mutating func finish(_ reason: String? = nil) {
        self.read(self.dialect.finish(at: self.instant, reason))
    }

    /// The connection is lost, and another one begins.
    mutating func reconnect() {
        guard let next = self.dialect.nextReader else { return }
        self.dialect = StreamDialect(next)
        self.reader = RecordingReader()
        self.replay = nil
    }

    mutating func request(_ request: AttachRequest) throws -> String {
        String(decoding: try self.dialect.request(request), as: UTF8.self)
    }

    private mutating func read(_ lines: [[UInt8]]) {
        self.lines += lines
        for line in lines {
            for item in self.reader.take(line[...]) {
                switch item {
                case .header(let header): self.header = header
                case .input(let input):
                    if let replay = self.reader.takeReplay() { self.replay = replay }
                    self.replay?.take(input)
                    self.events += input.batch.events
                case .answer(let answer): self.answers.append(answer)
                case .report(let report): self.reports.append(report)
                case .end(let end): self.end = end
                case .fault(let fault): self.faults.append("\(fault)")
                case .beat: self.faults.append("a beat")
                }
            }
        }
    }

    // MARK: Reading

    var books: Books { self.replay?.books ?? Books() }

    /// The texts of the notes, in order.
    var notes: [String] {
        self.events.compactMap { event in
            if case .noted(let text) = event.kind { return text }
            return nil
        }
    }

    /// The kinds of the findings, in order of their names.
    var findings: [Finding.Kind] {
        (self.replay?.groupedFindings ?? []).map(\.kind).sorted { $0.rawValue < $1.rawValue }
    }

    /// The whole state, as a first update describes it.
    var picture: MonitorUpdate? {
        guard var replay else { return nil }
        replay.beginAgain()
        return replay.update(at: TimeSource.Instant(nanoseconds: Int64.max / 4))
    }
}

/// The header of the feeds of tests.
let shop = #"{"resmon":1,"container":"shop","language":"python"}"#

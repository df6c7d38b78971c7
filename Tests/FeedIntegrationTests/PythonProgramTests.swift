import Foundation
import LoopbackServers
import ResourceContainer
import ResourceFeed
import ResourceMonitoring
import ResourceRecording
import Testing

/// The figures that a monitor has of a whole feed.
private struct Figures {
    var replay: MonitorReplay
    var notes: [String] = []
    var faults: [String] = []

    init(of lines: [[UInt8]]) throws {
        var dialect = StreamDialect(FeedReader(FeedClock()), hasPreface: true)
        var reader = RecordingReader()
        var replay: MonitorReplay?
        for line in dialect.take(lines, at: nil) + dialect.finish(at: nil) {
            for item in reader.take(line[...]) {
                switch item {
                case .input(let input):
                    if let begun = reader.takeReplay() { replay = begun }
                    replay?.take(input)
                    for case .noted(let text) in input.batch.events.map(\.kind) { self.notes.append(text) }
                case .fault(let fault): self.faults.append("\(fault)")
                case .header, .beat, .answer, .report, .end: break
                }
            }
        }
        self.replay = try #require(replay)
    }

    var books: Books { self.replay.books }

    /// The report of a type.
    func type(_ name: String) throws -> MonitorReport.Group {
        try #require(self.replay.report.keys[name])
    }

    func has(_ kind: Finding.Kind, of label: String) -> Bool {
        self.replay.groupedFindings.contains { $0.kind == kind && $0.subject.label == label }
    }
}

extension PythonTests {
    /// The number of requests of a program.
    private static let requests = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1" ? 2_000 : 40

    @Test("The emitter passes its own tests.")
    func emitter() async throws {
        let words = ["-m", "unittest", "discover", "-s", PythonPrograms.folder, "-p", "test_resmon_feed.py"]
        try await ServerProcess.run("python3", words, environment: PythonPrograms.variables)
    }

    @Test("The adapters pass their own tests.")
    func adapters() async throws {
        let words = ["-m", "unittest", "discover", "-s", PythonPrograms.folder, "-p", "test_adapters.py"]
        try await ServerProcess.run(PythonPrograms.current.interpreter, words, environment: PythonPrograms.variables)
    }

    @Test("A program on InjectQ is shown with what it counted itself, and what it left behind is a finding.")
    func injectq() async throws {
        let result = try await PythonPrograms.current.run("shop_injectq.py", ["--requests", "\(Self.requests)"])
        let (figures, counts) = (try Figures(of: result.lines), result.counts)
        #expect(figures.faults == [])
        #expect(figures.notes == [])
        #expect(figures.books.created == counts["created"])
        #expect(figures.books.initFailed == counts["failed"])
        #expect(figures.replay.report.closedScopes == counts["scopes"])
        #expect(figures.replay.openScopes == 0)
        #expect(figures.books.active == 0)
        let (sessions, databases) = (try figures.type("Session"), try figures.type("Database"))
        #expect(sessions.resourcesDisposed + databases.resourcesDisposed == counts["closed"])
        #expect(sessions.abandoned == sessions.resourcesCreated - sessions.resourcesDisposed)
        #expect(sessions.abandoned > Self.requests / 3)
        #expect(figures.has(.abandoned, of: "Session"))
        #expect(try figures.type("Cart").abandoned == 0)
    }

    @Test("A program on dishka is shown with what it counted itself.")
    func dishka() async throws {
        let result = try await PythonPrograms.current.run("shop_dishka.py", ["--requests", "\(Self.requests)"])
        let (figures, counts) = (try Figures(of: result.lines), result.counts)
        #expect(figures.faults == [])
        #expect(figures.notes == [])
        let failed = counts["failed"] ?? 0
        #expect(figures.books.created == (counts["created"] ?? 0) + failed)
        #expect(figures.books.initFailed == failed)
        #expect(figures.replay.report.closedScopes == counts["scopes"])
        let (sessions, databases) = (try figures.type("Session"), try figures.type("Database"))
        #expect(sessions.resourcesDisposed + databases.resourcesDisposed == (counts["disposed"] ?? 0) + (counts["threw"] ?? 0))
        #expect(sessions.resourceErrors == counts["threw"])
        #expect(figures.books.abandoned == 0)
        #expect(figures.books.active == 0)
        #expect(figures.replay.openScopes == 0)
    }

    @Test("A pool of SQLAlchemy is shown with what the program counted itself.")
    func sqlalchemy() async throws {
        let result = try await PythonPrograms.current.run("shop_sqlalchemy.py", ["--requests", "\(Self.requests)"])
        let (figures, counts) = (try Figures(of: result.lines), result.counts)
        #expect(figures.faults == [])
        #expect(figures.notes == [])
        let pool = try #require(figures.replay.pools.first)
        #expect(pool.made == counts["created"])
        #expect(pool.closed == counts["closed"])
        #expect(pool.leases == counts["leases"])
        #expect(pool.leased == counts["used"])
        #expect(pool.isBalanced)
        #expect(figures.books.ready == 1)
    }
}

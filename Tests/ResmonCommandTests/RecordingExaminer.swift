import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

@testable import resmon

/// Runs everything that `check` and `snapshot` do with a recording and collects the inconsistencies in their output.
struct RecordingExaminer {
    enum Outcome: Hashable {
        /// The recording cannot be shown or judged, and the reason is reported.
        case refused
        /// The recording is shown and judged, and reported damaged with the line.
        case damaged
        /// No damage is reported.
        case whole
    }

    private static let formats = ["text", "ansi", "svg", "json"]
    private let plans: [(view: DashboardView, format: String, plan: SnapshotPlan)]
    private let path: String
    private(set) var problems: [String] = []

    /// Creates an examiner of files at `path`.
    init(path: String) throws {
        self.path = path
        self.plans = try DashboardView.allCases.flatMap { view in
            try Self.formats.map { format in
                let arguments = ["--recording", path, "--view", view.rawValue, "--format", format, "--size", "200x60"]
                let surroundings = Surroundings(environment: [:], executable: "/nowhere/resmon")
                return (view, format, try SnapshotPlan(try SnapshotCommand.parse(arguments), surroundings))
            }
        }
    }

    /// Examines the file at the path. Without `turn`, renders every view in every format; with it, only the JSON of the Overview and of the
    /// view selected by `turn`. The JSON contains the rows of the text.
    mutating func examine(turn: Int?) throws -> Outcome {
        self.problems = []
        let verdict: RecordingVerdict
        do throws(RecordingError) {
            verdict = try RecordingVerdict(path: self.path, limits: RecordingLimits())
        } catch {
            self.expectPlain(error.description, "the error of check")
            return .refused
        }
        let text = verdict.text(of: "file")
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { self.expectPlain(String(line), "check") }
        self.expect(text.utf8.count < 100_000, "check writes \(text.utf8.count) bytes")
        _ = try StableJSON.encode(verdict)
        self.expectBalance(verdict.report, "check")
        let isDamaged = verdict.violations.contains { $0.rule == "damaged" }
        if isDamaged {
            self.expect(text.contains("line "), "the damaged line is not named: \(text)")
        }

        var pictures: RecordedPictures
        do throws(RecordingError) {
            pictures = try RecordedPictures(path: self.path)
        } catch {
            self.expectPlain(error.description, "the error of snapshot")
            self.expect(isDamaged, "check passes a recording that cannot be shown: \(error)")
            return .refused
        }
        let other = turn.map { DashboardView.allCases[$0 % DashboardView.allCases.count] }
        for (view, format, plan) in self.plans where turn == nil || (format == "json" && [.overview, other].contains(view)) {
            try plan.frames(of: &pictures) { frame in try self.take(frame, view, format) }
        }
        self.expect(pictures.report == verdict.report, "check and snapshot disagree on the final figures")
        // Seek to a moment in the middle.
        let middle = pictures.beginning + (pictures.span.upperBound - pictures.beginning) / 2
        pictures.seek(to: middle)
        if let report = pictures.report { self.expectBalance(report, "the middle") }
        return isDamaged ? .damaged : .whole
    }

    // MARK: Checks

    private mutating func expect(_ condition: Bool, _ problem: @autoclosure () -> String) {
        if !condition { self.problems.append(problem()) }
    }

    private mutating func expectPlain(_ line: String, _ what: String) {
        let bad = line.unicodeScalars.first { $0.properties.generalCategory == .control || $0.value == 0x202E }
        self.expect(bad == nil, "\(what) writes U+\(String(bad?.value ?? 0, radix: 16))")
    }

    private mutating func expectBalance(_ report: MonitorReport, _ what: String) {
        self.expectBalance(report.overall, "\(what), overall")
        for (key, group) in report.keys { self.expectBalance(group, "\(what), \(key.prefix(40))") }
        for scope in report.scopes { self.expectBalance(scope.figures, "\(what), scope \(scope.id)") }
        for (tag, group) in report.tags { self.expectBalance(group, "\(what), tag \(tag.prefix(40))") }
        let created = (report.scopes.map(\.figures) + report.tags.values).reduce(0) { $0 + $1.resourcesCreated }
        self.expect(created == report.overall.resourcesCreated, "\(what): the scopes sum up to \(created) created")
        let outcomes = (report.outcomes ?? [:]).values.flatMap(\.named).map(\.count)
        self.expect(outcomes.allSatisfy { $0 >= 0 }, "\(what): the outcomes of scopes are \(outcomes)")
        let ended = outcomes.reduce(0, +)
        self.expect(ended == report.closedScopes, "\(what): \(report.closedScopes) scopes closed, but the outcomes add up to \(ended)")
    }

    private mutating func expectBalance(_ group: MonitorReport.Group, _ what: String) {
        let parts = [group.activeResources, group.resourcesDisposed, group.initFailed, group.abandoned]
        self.expect(parts.allSatisfy { $0 >= 0 }, "\(what): \(parts)")
        self.expect(group.resourcesCreated == parts.reduce(0, +), "\(what): \(group.resourcesCreated) created, but \(parts)")
        let active = [group.initializing, group.ready, group.disposing]
        self.expect(active.allSatisfy { $0 >= 0 }, "\(what): \(active)")
        self.expect(group.activeResources == active.reduce(0, +), "\(what): \(group.activeResources) active, but \(active)")
    }

    // MARK: Frames

    /// Decodes the view's values, which read the names of recordings, from a report, which has the names of the API.
    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            let names = ["initializing": "initialising", "location": "place", "fallbackFor": "standsInFor", "checkedBy": "asker"]
            guard let key = path.last, path.first?.stringValue == "view", path.dropFirst().first?.stringValue != "findings" else {
                return path.last ?? ReportKey(stringValue: "")
            }
            return ReportKey(stringValue: names[key.stringValue] ?? key.stringValue)
        }
        return decoder
    }

    private struct ReportKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct Document: Decodable {
        var rows: [String]
        var view: ViewModel
        var report: MonitorReport
    }

    private mutating func take(_ frame: String, _ view: DashboardView, _ format: String) throws {
        switch format {
        case "text":
            for row in frame.split(separator: "\n") { self.expectPlain(String(row), "\(view) as text") }
        case "ansi":
            let rest = frame.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
            for row in rest.split(separator: "\n") { self.expectPlain(String(row), "\(view) as ansi") }
        case "json": try self.take(Self.decoder.decode(Document.self, from: Data(frame.utf8)), view)
        default: self.expectPlain(frame.replacing("\n", with: ""), "\(view) as svg")
        }
    }

    private mutating func take(_ document: Document, _ view: DashboardView) throws {
        let (overall, books) = (document.report.overall, document.view.books)
        self.expectBalance(document.report, "\(view) as JSON")
        for row in document.rows { self.expectPlain(row, "\(view) as rows") }
        let figures = [
            (overall.resourcesCreated, books.created), (overall.activeResources, books.active), (overall.resourcesDisposed, books.disposed),
            (overall.initFailed, books.initFailed), (overall.abandoned, books.abandoned), (overall.resourceErrors, books.errors),
        ]
        for (index, (reported, shown)) in figures.enumerated() {
            self.expect(reported == shown, "\(view): figure \(index) is \(reported) in the report and \(shown) in the view")
        }
        let sums = document.report.keys.values.reduce(into: [0, 0, 0, 0]) { sums, group in
            sums[0] += group.resourcesCreated
            sums[1] += group.activeResources
            sums[2] += group.resourcesDisposed
            sums[3] += group.resourceErrors
        }
        let whole = [overall.resourcesCreated, overall.activeResources, overall.resourcesDisposed, overall.resourceErrors]
        self.expect(Set(document.report.keys.keys).isEmpty || sums == whole, "\(view): the keys sum up to \(sums), the whole is \(whole)")
        if view == .resources {
            let active = document.view.resources.count { ["initializing", "ready", "disposing"].contains($0.state) }
            self.expect(active == books.active, "\(active) rows of active resources, and \(books.active) are active")
        }
        if view == .findings {
            let tab = document.rows[1].firstMatch(of: #/Findings\((\d+)\)/#).flatMap { Int($0.1) } ?? 0
            self.expect(
                tab == document.report.findings.count,
                "\(tab) findings on the tab, \(document.report.findings.count) in the report"
            )
        }
        if view == .overview {
            let text = document.rows.joined(separator: "\n")
            for (name, figure) in [
                ("created", books.created), ("disposed", books.disposed), ("active", books.active), ("init-failed", books.initFailed),
                ("abandoned", books.abandoned), ("errors", books.errors),
            ] {
                let shown = text.firstMatch(of: try Regex<(Substring, Substring)>("\(name) +([0-9,]+)")).map {
                    $0.1.replacing(",", with: "")
                }
                self.expect(shown == "\(figure)", "the Overview shows \(name) \(shown ?? "nothing"), and it is \(figure)")
            }
        }
    }
}

import Foundation
import ResourceContainer
import Testing

@testable import ResourceFleet

@Suite("The table of a fleet")
struct FleetAnswersTests {
    private static let start = FleetSample.start

    private static func series(_ labels: [String], _ value: Double) -> PrometheusAnswer.Series {
        PrometheusAnswer.Series(labels: labels, points: [PrometheusAnswer.Point(time: self.start, value: value)])
    }

    private static func answer(_ series: [PrometheusAnswer.Series], warnings: [String] = []) -> Result<PrometheusAnswer, FleetFault> {
        .success(PrometheusAnswer(series: series, warnings: warnings))
    }

    @Test("Two processes with the same container name are two rows, in the order of their instances.")
    func twins() throws {
        var answers = FleetAnswers(at: Self.start)
        answers.take(
            Self.answer([Self.series(["resmon", "web2:1", "shop"], 2), Self.series(["resmon", "web1:1", "shop"], 1)]),
            for: .column(.active)
        )
        answers.take(Self.answer([Self.series(["resmon", "web1:1", "shop"], 9)]), for: .column(.scopes))
        let rows = try answers.table().rows
        #expect(rows.map(\.id.instance) == ["web1:1", "web2:1"])
        #expect(rows[0].figures == [.active: 1, .scopes: 9])
        #expect(rows[1].figures == [.active: 2])
    }

    @Test("A figure that is not a number is unknown, and an infinite one is kept.")
    func notANumber() throws {
        var answers = FleetAnswers(at: Self.start)
        answers.take(Self.answer([Self.series(["j", "i", "c"], .nan)]), for: .column(.p99))
        answers.take(Self.answer([Self.series(["j", "i", "c"], .infinity)]), for: .column(.active))
        let figures = try answers.table().rows.map(\.figures)
        #expect(figures == [[.active: .infinity]])
    }

    @Test("The health is the label of its series; a status of a later version is unknown.")
    func health() throws {
        var answers = FleetAnswers(at: Self.start)
        answers.take(
            Self.answer([Self.series(["j", "a", "c", "degraded"], 1), Self.series(["j", "b", "c", "splendid"], 1)]),
            for: .column(.health)
        )
        #expect(try answers.table().rows.map(\.health) == [.degraded, .unknown])
    }

    @Test("Of several verdicts about one process, the worst counts, in any order.", arguments: [false, true])
    func conflictingHealth(isReversed: Bool) throws {
        let series = ["healthy", "unhealthy", "degraded"].map { Self.series(["j", "a", "c", $0], 1) }
        var answers = FleetAnswers(at: Self.start)
        answers.take(Self.answer(isReversed ? series.reversed() : series), for: .column(.health))
        #expect(try answers.table().rows.map(\.health) == [.unhealthy])
    }

    @Test("A row has the number of its process if the instance states it.")
    func processes() throws {
        var answers = FleetAnswers(at: Self.start)
        answers.take(
            Self.answer([Self.series(["j", "a:4711", "c", "4711"], 1), Self.series(["j", "b:9464", "c", "1"], 1)]),
            for: .processes
        )
        answers.take(Self.answer([Self.series(["j", "a:4711", "c"], 1), Self.series(["j", "b:9464", "c"], 1)]), for: .column(.scopes))
        #expect(try answers.table().rows.map(\.process) == ["4711-0", nil])
    }

    @Test("Alerts have their subject and their annotations, in the order of their names.")
    func alerts() throws {
        var answers = FleetAnswers(at: Self.start)
        answers.take(
            Self.answer([
                Self.series(["j", "i", "c", "ResmonSlowAcquire", "warning", "db", ""], 1),
                Self.series(["j", "i", "c", "ResmonAbandoned", "warning", "", "Upload"], 1),
            ]),
            for: .alerts
        )
        answers.annotate([
            AnnotatedAlert(
                key: FleetKey(job: "j", instance: "i", container: "c"),
                name: "ResmonSlowAcquire",
                subject: "db",
                summary: "slow",
                attach: "resmon"
            ),
            AnnotatedAlert(key: FleetKey(job: "x", instance: "y", container: "z"), name: "Other", subject: "", summary: "no", attach: "no"),
        ])
        let rows = try answers.table().rows
        #expect(rows.count == 1)
        #expect(rows[0].alerts.map(\.name) == ["ResmonAbandoned", "ResmonSlowAcquire"])
        #expect(rows[0].alerts.map(\.subject) == ["Upload", "db"])
        #expect(rows[0].alerts.map(\.summary) == ["", "slow"])
    }

    @Test("A server with pools and without recorded series lacks the rules; one without pools does not.")
    func rules() throws {
        var answers = FleetAnswers(at: Self.start)
        #expect(try !answers.table().lacksRules)
        answers.take(Self.answer([Self.series([], 3)]), for: .pools)
        #expect(try answers.table().lacksRules)
        answers.take(Self.answer([Self.series(["j", "i", "c"], 0)]), for: .column(.waiting))
        #expect(try !answers.table().lacksRules)
    }

    @Test("If a column of recorded series fails, nothing is claimed about the rules.", arguments: [FleetColumn.pool, .waiting, .p99])
    func unknownRules(column: FleetColumn) throws {
        var answers = FleetAnswers(at: Self.start)
        answers.take(Self.answer([Self.series([], 3)]), for: .pools)
        answers.take(.failure(FleetFault("status 503")), for: .column(column))
        #expect(try !answers.table().lacksRules)
    }

    @Test("A column that fails is a problem, and the others are shown; equal faults are one sentence.")
    func problems() throws {
        var answers = FleetAnswers(at: Self.start)
        answers.take(Self.answer([Self.series(["j", "i", "c"], 1)], warnings: ["partial response"]), for: .column(.active))
        answers.take(Self.answer([], warnings: ["partial response"]), for: .column(.scopes))
        answers.take(.failure(FleetFault("too many samples")), for: .column(.created))
        answers.take(.failure(FleetFault("too many samples")), for: .column(.p99))
        answers.take(.failure(FleetFault("timeout")), for: .newest)
        let table = try answers.table()
        #expect(table.problems == ["NEW/S, P99: too many samples", "the age of the data: timeout"])
        #expect(table.warnings == ["partial response"])
        #expect(table.rows.count == 1)
    }

    @Test("If all columns fail, there is no table.")
    func nothing() {
        var answers = FleetAnswers(at: Self.start)
        for column in FleetColumn.allCases { answers.take(.failure(FleetFault("refused by \(column)")), for: .column(column)) }
        #expect(throws: FleetFault("refused by up")) { try answers.table() }
    }

    @Test("If no column that every process has is read, there is no table, although other queries are answered.")
    func unknownProcesses() {
        var answers = FleetAnswers(at: Self.start)
        for part in FleetAnswers.Part.all { answers.take(Self.answer([]), for: part) }
        answers.take(Self.answer([Self.series(["j", "i", "c"], 1)]), for: .column(.leaks))
        for column in [FleetColumn.up, .scopes] { answers.take(.failure(FleetFault("refused by \(column)")), for: .column(column)) }
        #expect(throws: FleetFault("refused by up")) { try answers.table() }
    }

    @Test("Shapes have their figures at equal distances, with gaps where there is no point.")
    func shapes() {
        var answer = PrometheusAnswer()
        let points = [(-600.0, 1.0), (-585.2, 2), (0, 3), (-9000, 4), (15, 5), (-300, .nan)]
        answer.series = [
            PrometheusAnswer.Series(
                labels: ["j", "i", "c"],
                points: points.map { PrometheusAnswer.Point(time: Self.start + $0.0, value: $0.1) }
            )
        ]
        let shape = FleetShapes(answer, endingAt: Self.start)[FleetKey(job: "j", instance: "i", container: "c")]
        #expect(shape.count == 41)
        #expect(shape.first == 1)
        #expect(shape[1] == 2)
        #expect(shape.last == 3)
        #expect(shape.compactMap(\.self).count == 3)
    }

    @Test("The document has a key for each figure that is known, and the same bytes for the same table.")
    func document() throws {
        let text = try FleetDocument(FleetSample.table, FleetSample.shapes, from: "http://prometheus:9090").text()
        #expect(text.contains(#""active" : 37"#))
        #expect(text.contains(#""p99" : 1.4"#))
        #expect(text.contains(#""health" : "degraded""#))
        #expect(text.contains(#""attach" : "resmon attach ssh://web1 shop --view pools""#))
        #expect(text.contains(#""newest" : 1767268796"#))
        #expect(text.contains(#""active" : "inf""#))
        #expect(text.components(separatedBy: #""leaks""#).count == 3)
    }
}

import HTTPResources

/// A fleet as a server with the Prometheus HTTP API knows it.
///
/// All queries of a table are for one instant, so its figures belong together. They are sent at the same time.
package struct PrometheusFleet: FleetSource {
    private let server: PrometheusAPI
    /// The label matchers that limit the processes, without braces; empty for all.
    private let match: String

    /// Creates a fleet.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - match: Label matchers that limit the processes, such as `job="shop"`, with or without braces; empty for all.
    package init(_ server: PrometheusAPI, match: String = "") {
        self.server = server
        self.match = Self.matchers(match)
    }

    /// Returns the matchers of a selector: without the braces around it, and without blanks and commas at its ends.
    package static func matchers(_ selector: String) -> String {
        var rest = selector[...]
        func trim(_ isEnd: (Character) -> Bool) {
            rest = rest.drop(while: isEnd)
            while let last = rest.last, isEnd(last) { rest.removeLast() }
        }
        trim { $0 == " " }
        if rest.hasPrefix("{"), rest.hasSuffix("}") { rest = rest.dropFirst().dropLast() }
        trim { $0 == " " || $0 == "," }
        return String(rest)
    }

    package var label: String { self.server.address.label }

    package func table(at time: Double) async throws(FleetFault) -> FleetTable {
        var answers = FleetAnswers(at: time)
        var alerts: [AnnotatedAlert] = []
        await withTaskGroup(of: Arrival.self) { group in
            for part in FleetAnswers.Part.all { group.addTask { .part(part, await self.answer(to: part, at: time)) } }
            // They are an addition: the alerts of a server without the endpoint are shown without them.
            group.addTask { .annotations((try? await self.server.alerts()) ?? []) }
            for await arrival in group {
                switch arrival {
                case .part(let part, let answer): answers.take(answer, for: part)
                case .annotations(let found): alerts = found
                }
            }
        }
        answers.annotate(alerts)
        return try answers.table()
    }

    package func shapes(at time: Double) async throws(FleetFault) -> FleetShapes {
        let range: HTTPParameters = [
            "query": FleetColumn.active.query(matching: self.match),
            "start": Self.text(time - Double(FleetColumn.shapeSeconds)), "end": Self.text(time), "step": Self.text(FleetShapes.step),
        ]
        return FleetShapes(try await self.server.ask("query_range", range, .matrix, labels: FleetColumn.identity), endingAt: time)
    }

    private enum Arrival: Sendable {
        case part(FleetAnswers.Part, Result<PrometheusAnswer, FleetFault>)
        case annotations([AnnotatedAlert])
    }

    private func answer(to part: FleetAnswers.Part, at time: Double) async -> Result<PrometheusAnswer, FleetFault> {
        do throws(FleetFault) {
            let parameters: HTTPParameters = ["query": self.query(for: part), "time": Self.text(time)]
            return .success(try await self.server.ask("query", parameters, .vector, labels: FleetAnswers.labels(of: part)))
        } catch {
            return .failure(error)
        }
    }

    private func query(for part: FleetAnswers.Part) -> String {
        func series(_ name: String) -> String { self.match.isEmpty ? name : "\(name){\(self.match)}" }
        return switch part {
        case .column(let column): column.query(matching: self.match)
        case .alerts: FleetColumn.alertsQuery(matching: self.match)
        case .newest: "max(timestamp(\(series("resmon_scopes_open"))))"
        case .pools: FleetColumn.poolsWithoutRulesQuery(matching: self.match)
        case .processes: FleetColumn.processesQuery(matching: self.match)
        }
    }

    /// An instant as the API expects it: seconds with a fraction, and never with an exponent.
    private static func text(_ seconds: Double) -> String {
        let milliseconds = Int64((seconds * 1000).rounded())
        let fraction = String(milliseconds % 1000 + 1000).dropFirst()
        return "\(milliseconds / 1000).\(fraction)"
    }
}

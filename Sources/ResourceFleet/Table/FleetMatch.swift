import ResourceMonitoring

/// Label matchers that limit the processes of a fleet, such as `job="shop",process=~"web.*"`.
///
/// Recorded series and alerts have the labels of the identity and of the pool, and have lost all others. They are limited by other labels through the series
/// that the processes expose.
struct FleetMatch {
    /// A matcher with the name of its label.
    private struct Matcher {
        var label: String
        var text: Substring
    }

    /// The time for which the labels of a process that is gone still apply to its alerts.
    private static let memory = "1h"
    /// The labels by which series of one process are joined. A process has the other labels from its target.
    private static let join = ["job", "instance"]

    /// All matchers, for series that processes expose.
    let all: String
    private let matchers: [Matcher]

    /// Parses matchers, without braces. Those that cannot be parsed are left to the server, which then refuses every query.
    init(_ text: String) {
        self.all = text
        self.matchers = Self.parse(text) ?? []
    }

    /// Whether all matchers are about labels that recorded series and alerts have.
    private var isDirect: Bool {
        self.matchers.allSatisfy { FleetRecord.labels.contains($0.label) }
    }

    /// The matchers of recorded series and alerts.
    var own: String {
        self.isDirect ? self.all : Self.list(self.matchers.filter { FleetRecord.labels.contains($0.label) })
    }

    /// The end of a query of recorded series: the limit by other labels, if there are any.
    var recordedLimit: String {
        self.limit { $0 }
    }

    /// The end of a query of alerts. A process that is gone no longer exposes its labels, and has alerts.
    var alertsLimit: String {
        self.limit { "last_over_time(\($0)[\(Self.memory)])" }
    }

    private func limit(_ select: (String) -> String) -> String {
        if self.isDirect { return "" }
        // Pools of other libraries have the labels of the container and of the pool only after the recording rules.
        let others = Self.list(self.matchers.filter { !FleetRecord.labels.contains($0.label) || Self.join.contains($0.label) })
        return #" and on (\#(Self.join.joined(separator: ", "))) \#(select(#"{__name__=~"\#(FleetRecord.sources)",\#(others)}"#))"#
    }

    private static func list(_ matchers: [Matcher]) -> String {
        matchers.map { String($0.text) }.joined(separator: ",")
    }

    // MARK: Parsing

    private static func parse(_ text: String) -> [Matcher]? {
        var matchers: [Matcher] = []
        var rest = text[...]
        func skipBlanks() { rest = rest.drop(while: \.isWhitespace) }
        skipBlanks()
        while !rest.isEmpty {
            let start = rest
            guard let label = Self.label(&rest) else { return nil }
            skipBlanks()
            guard let sign = ["=~", "!~", "!=", "="].first(where: rest.hasPrefix) else { return nil }
            rest = rest.dropFirst(sign.count)
            skipBlanks()
            guard label != "__name__", Self.quoted(&rest) != nil else { return nil }
            matchers.append(Matcher(label: label, text: start[..<rest.startIndex]))
            skipBlanks()
            if rest.isEmpty { break }
            guard rest.removeFirst() == "," else { return nil }
            skipBlanks()
        }
        return matchers
    }

    /// Takes the name of a label, which may be quoted.
    private static func label(_ rest: inout Substring) -> String? {
        if let text = Self.quoted(&rest) { return String(text) }
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        rest = rest[name.endIndex...]
        return name.isEmpty ? nil : String(name)
    }

    /// Takes a quoted text, and returns what is between the quotes; nil if there is none.
    private static func quoted(_ rest: inout Substring) -> Substring? {
        guard let quote = rest.first, "\"'`".contains(quote) else { return nil }
        var end = rest.index(after: rest.startIndex)
        while end < rest.endIndex, rest[end] != quote {
            if rest[end] == "\\", quote != "`" { end = rest.index(after: end) }
            if end < rest.endIndex { end = rest.index(after: end) }
        }
        guard end < rest.endIndex else { return nil }
        let text = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        return text
    }
}

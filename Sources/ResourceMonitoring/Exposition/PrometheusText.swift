import ResourceContainer

/// A writer of metric families in the Prometheus text format.
struct PrometheusText {
    typealias Labels = [(name: String, value: String)]

    enum Format {
        case prometheus, openMetrics
    }

    /// A sample value with the trace in which it was observed.
    struct Exemplar {
        var trace: TraceID
        var value: Double
    }

    struct Summary {
        var labels: Labels
        var quantiles: [(String, Double)]
        var sum: Double
        var count: Int
    }

    struct Histogram {
        var labels: Labels
        var buckets: DurationBuckets
        /// At most one example for each bucket of the text.
        var examples: [WaitTrace]
    }

    private var text = ""
    private let container: String
    private let format: Format

    init(container: String, format: Format) {
        self.container = container
        self.format = format
    }

    /// The text with its end.
    var complete: String {
        switch self.format {
        case .prometheus: self.text
        case .openMetrics: self.text + "# EOF\n"
        }
    }

    /// Writes a family of plain values. Values with the same labels are added up; a family without values is omitted. Prometheus text has
    /// no exemplars, so they are omitted there.
    mutating func family(
        _ metric: MetricName,
        _ values: [(Labels, Double)],
        exemplars: [(Labels, Exemplar)] = []
    ) {
        var order: [String] = []
        var sums: [String: Double] = [:]
        for (labels, value) in values {
            let written = self.write(labels)
            if sums.updateValue((sums[written] ?? 0) + value, forKey: written) == nil { order.append(written) }
        }
        if order.isEmpty { return }
        self.head(metric)
        let examples = Dictionary(exemplars.map { (self.write($0.0), $0.1) }) { _, last in last }
        for labels in order { self.line(metric.rawValue, labels, sums[labels] ?? 0, examples[labels]) }
    }

    /// Writes a family of summaries. Their labels must be distinct.
    mutating func summaries(_ metric: MetricName, _ summaries: [Summary]) {
        if summaries.isEmpty { return }
        self.head(metric)
        let name = metric.rawValue
        for summary in summaries {
            for (quantile, value) in summary.quantiles { self.line(name, self.write(summary.labels + [("quantile", quantile)]), value) }
            self.line(name + "_sum", self.write(summary.labels), summary.sum)
            self.line(name + "_count", self.write(summary.labels), Double(summary.count))
        }
    }

    /// Writes a family of histograms. Histograms with the same labels are added up.
    mutating func histograms(_ metric: MetricName, _ values: [Histogram]) {
        if values.isEmpty { return }
        self.head(metric)
        let name = metric.rawValue
        var order: [String] = []
        var groups: [String: [Histogram]] = [:]
        for histogram in values {
            let written = self.write(histogram.labels)
            if groups[written] == nil { order.append(written) }
            groups[written, default: []].append(histogram)
        }
        for written in order {
            guard let group = groups[written], let labels = group.first?.labels else { continue }
            var examples: [WaitTrace] = []
            for example in group.flatMap(\.examples) { examples.note(example) }
            func bucket(_ range: Int, _ bound: String, _ count: Int) {
                let example = examples.first { $0.range == range }
                self.line(
                    name + "_bucket",
                    self.write(labels + [("le", bound)]),
                    Double(count),
                    example.map { Exemplar(trace: $0.trace, value: $0.waited.inSeconds) }
                )
            }
            for (range, bound) in DurationBuckets.exportedBounds.enumerated() {
                // A bucket's end is exclusive.
                bucket(range, "\(bound.inSeconds)", group.reduce(0) { $0 + $1.buckets.count(upTo: bound - .nanoseconds(1)) })
            }
            let total = group.reduce(0) { $0 + $1.buckets.total }
            bucket(DurationBuckets.exportedBounds.count, "+Inf", total)
            self.line(name + "_sum", written, group.reduce(0) { $0 + $1.buckets.sum.inSeconds })
            self.line(name + "_count", written, Double(total))
        }
    }

    private mutating func head(_ metric: MetricName) {
        var (family, type) = (metric.rawValue, metric.kind.rawValue)
        switch (self.format, metric.kind) {
        // In OpenMetrics, the suffix belongs to the sample and not to the family.
        case (.openMetrics, .counter): family = String(family.dropLast("_total".count))
        case (.openMetrics, .info): family = String(family.dropLast("_info".count))
        // Prometheus text has no such type.
        case (.prometheus, .info): type = MetricName.Kind.gauge.rawValue
        default: break
        }
        self.text += "# HELP \(family) \(metric.help)\n# TYPE \(family) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: String, _ value: Double, _ exemplar: Exemplar? = nil) {
        self.text += "\(name)\(labels) \(Self.number(value))"
        if self.format == .openMetrics, let exemplar {
            self.text += " # {trace_id=\"\(exemplar.trace)\"} \(Self.number(exemplar.value))"
        }
        self.text += "\n"
    }

    private static func number(_ value: Double) -> String {
        let isWhole = value.rounded() == value && abs(value) < 9e15
        return isWhole ? "\(Int64(value))" : "\(value)"
    }

    private func write(_ labels: Labels) -> String {
        let all = [("container", self.container)] + labels
        return "{" + all.map { "\($0)=\"\(Self.escape($1))\"" }.joined(separator: ",") + "}"
    }

    /// Escapes backslash, quote, and line feed, as the format requires. Replaces other control characters by `?`.
    static func escape(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            case _ where scalar.value < 32 || scalar.value == 127: escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

import ResourceContainer
import ResourceMonitoring

/// The books: the number of created instances, and below it the number in each state. These add up to the first.
extension OverviewScreen {
    /// A row of the books.
    private struct BookRow {
        var label: String
        var count: Int
        var role: Role
        /// The figures beside the row. Each is shown as a whole or not at all.
        var figures: [Span]
    }

    func drawBooks(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let totals = context.picture.totals
        let errors = totals.books.errors
        let inside = self.frame(.books, Pane.books.title, &painter, rect).padded()
        let words = [Span("errors \(Format.count(errors))", errors > 0 ? .healthDegraded : .textDim)]
        painter.trailing(words, on: rect, beside: Pane.books.title)
        let rows = Self.bookRows(totals)
        let labels = rows.reduce(0) { max($0, DisplayText.width(of: $1.label)) }
        // The counts keep their column while they have up to five digits.
        let counts = rows.reduce(6) { max($0, DisplayText.width(of: Format.count($1.count))) }
        let sums = labels + 2 + counts
        let beside = inside.width - sums - 3
        let isBeside = beside >= 28
        var lines = rows.map { row in
            let line = [
                Span(DisplayText.fit(row.label, width: labels) + "  ", row.count == 0 ? .textDim : .text),
                Span(DisplayText.fit(Format.count(row.count), width: counts, alignment: .right), row.role),
            ]
            return isBeside ? line + [Span("   ")] + (Self.flow(row.figures, width: beside).first ?? []) : line
        }
        if !isBeside { lines += rows.flatMap { Self.flow($0.figures, width: inside.width) } }
        painter.lines(lines, in: inside)
    }

    /// Returns figures as lines of at most `width` cells.
    private static func flow(_ figures: [Span], width: Int) -> [[Span]] {
        var lines: [[Span]] = []
        var used = 0
        for figure in figures {
            let length = DisplayText.width(of: figure.text)
            if used > 0, used + 2 + length <= width {
                lines[lines.count - 1] += [Span("  "), figure]
                used += 2 + length
            } else {
                lines.append([figure])
                used = length
            }
        }
        return lines
    }

    private static func bookRows(_ totals: MonitorTotals) -> [BookRow] {
        let (books, rates) = (totals.books, totals.rates.tenSeconds)
        func count(_ label: String, _ count: Int, trouble: Role = .textDim) -> Span {
            Span("\(label) \(Format.count(count))", count == 0 ? .textDim : trouble)
        }
        func row(_ label: String, _ count: Int, _ role: Role, _ figures: [Span]) -> BookRow {
            BookRow(label: label, count: count, role: count == 0 ? .textDim : role, figures: figures)
        }
        func time(_ label: String, _ time: Duration) -> Span {
            Span("\(label) \(Format.duration(time))", time > .zero ? .text : .textDim)
        }
        func rate(_ rate: Double, _ word: String) -> Span {
            Span("\(Format.rate(rate))/s \(word)", rate > 0 ? .text : .textDim)
        }
        let sum: [Span] = books.isBalanced ? [] : [Span("does not add up", .stateFailed)]
        func times(_ label: String, _ times: DurationSummary) -> [Span] {
            times.count == 0
                ? [Span("\(label) none yet", .textDim)]
                : [time("\(label) p50", times.median), time("p95", times.p95)]
        }
        // The lifetimes belong to no count. They are beside the last row, which has no other figures.
        let lifetimes = totals.lifetimes
        let tracked = Span("\(Format.count(lifetimes.count)) tracked", .textDim)
        let life: [Span] =
            lifetimes.count == 0
            ? [Span("lifetime none ended", .textDim), tracked]
            : [
                time("lifetime avg", lifetimes.average), time("median", lifetimes.median), time("p95", lifetimes.p95), tracked,
                time("max", lifetimes.maximum),
            ]
        return [
            row(
                "created",
                books.created,
                books.isBalanced ? .text : .stateFailed,
                sum + [rate(rates.created, "created"), rate(rates.ended, "ended")]
            ),
            row(
                "disposed",
                books.disposed,
                .text,
                times("dispose", totals.dispose) + [count("threw", totals.disposeThrew, trouble: .stateFailed)]
            ),
            row(
                "active",
                books.active,
                .text,
                [
                    count("initializing", books.initializing, trouble: .text), count("ready", books.ready, trouble: .text),
                    count("disposing", books.disposing, trouble: .text),
                ]
            ),
            row("init-failed", books.initFailed, .stateFailed, times("initialize", totals.initialize)),
            row("abandoned", books.abandoned, .stateFailed, life),
        ]
    }

    func bookTable(_ context: ScreenContext) -> Table {
        let rows = Self.bookRows(context.picture.totals)
        let columns = [
            TableColumn("BOOKS", "the created instances, and the states they are in"),
            TableColumn("COUNT", "the number of instances", alignment: .right),
            TableColumn("FIGURES", "rates, durations and states", .flexible(minimum: 10)),
        ]
        return Table(columns, count: rows.count, empty: "") { index in
            let row = rows[index]
            return [
                .text(row.label), .text(Format.count(row.count), row.role),
                .spans(Array(row.figures.map { [$0] }.joined(separator: [Span("  ")]))),
            ]
        }
    }
}

import ResourceContainer

extension RecordingEnd: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("reason", ifPresent: self.reason)
        json.field("report", ifPresent: self.report)
        json.close("}")
    }
}

extension DisposeReport: JSONWritable {
    /// The deepest nesting of reports in a line. Deeper reports are written side by side on the last level, in the order of closing, so
    /// that every entry is written and neither writer nor reader needs a deep stack.
    static let nestingLimit = 60

    func write(into json: inout JSONBytes) {
        self.write(into: &json, level: 1)
    }

    private func write(into json: inout JSONBytes, level: Int) {
        let isLast = level == Self.nestingLimit
        let holdsTheRest = level == Self.nestingLimit - 1
        json.open("{")
        json.list("children", isLast ? [] : holdsTheRest ? self.descendants : self.children) { json, child in
            child.write(into: &json, level: level + 1)
        }
        json.field("entries", self.entries)
        json.field("name", self.name)
        json.field("scope", self.scope)
        json.field("took", self.took)
        json.close("}")
    }

    /// The nested reports at all levels, in the order of closing: each after the ones nested in it.
    private var descendants: [DisposeReport] {
        var (reversed, open) = ([DisposeReport](), self.children)
        while let report = open.popLast() {
            reversed.append(report)
            open += report.children
        }
        return reversed.reversed()
    }
}

extension DisposeReport.Entry: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("error", ifPresent: self.error)
        json.field("label", self.label)
        json.field("order", self.order)
        json.field("outcome", self.outcome.rawValue)
        json.field("resource", self.resource)
        json.field("took", self.took)
        json.field("unreturned", self.unreturned)
        json.close("}")
    }
}

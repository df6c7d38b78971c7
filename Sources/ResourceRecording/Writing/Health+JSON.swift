import ResourceContainer
import ResourceMonitoring

extension HealthStatus: JSONWritable {
    func write(into json: inout JSONBytes) { json.write(self.rawValue) }
}

extension HealthResult: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("latency", self.latency)
        json.field("message", ifPresent: self.message)
        json.field("probe", self.probe)
        json.field("status", self.status)
        json.field("time", self.time)
        json.close("}")
    }
}

extension HealthTransition: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("from", self.from)
        json.field("reason", self.reason)
        json.field("time", self.time)
        json.field("to", self.to)
        json.close("}")
    }
}

extension HealthRow: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("affectedBy", self.affectedBy)
        json.field("countsAs", ifPresent: self.countsAs)
        json.field("hasProbe", self.hasProbe)
        json.field("history", self.history)
        json.field("interval", self.interval)
        json.field("isCritical", self.isCritical)
        json.field("isLate", self.isLate)
        json.field("isStale", self.isStale)
        json.field("label", self.label)
        json.field("nextCheck", ifPresent: self.nextCheck)
        json.field("resource", self.resource)
        json.field("scope", self.scope)
        json.field("since", self.since)
        json.field("standsInFor", ifPresent: self.fallbackFor)
        json.field("status", self.status)
        json.field("transitions", self.transitions)
        json.close("}")
    }
}

extension HealthCheckSource: JSONWritable {
    func write(into json: inout JSONBytes) { json.write(self.rawValue) }
}

extension RecordedHealth.Row: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("kept", self.kept)
        json.field("row", self.row)
        json.close("}")
    }
}

extension RecordedHealth: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("asker", ifPresent: self.checkedBy)
        json.field("causes", self.causes)
        json.field("isStale", ifPresent: self.isStale)
        json.field("rows", ifPresent: self.rows)
        json.field("since", self.since)
        json.field("time", self.time)
        json.field("transitions", ifPresent: self.transitions)
        json.field("verdict", self.verdict)
        json.close("}")
    }
}

import ResourceContainer
import ResourceMonitoring

extension Finding.Kind: JSONWritable {
    func write(into json: inout JSONBytes) { json.write(self.rawValue) }
}

extension Finding: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("advice", self.advice)
        json.field("count", self.count)
        json.field("evidence", self.evidence)
        json.field("firstSeen", self.firstSeen)
        json.field("folded", self.folded)
        json.field("id", self.id)
        json.field("kind", self.kind)
        json.field("lastSeen", self.lastSeen)
        json.field("location", ifPresent: self.location)
        json.field("severity", self.severity.rawValue)
        json.field("subject", self.subject)
        json.field("subjectCount", self.subjectCount)
        json.field("subjects", self.subjects)
        json.field("withdrawnAt", ifPresent: self.withdrawnAt)
        json.close("}")
    }
}

extension Finding.Subject: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("binding", ifPresent: self.binding)
        json.field("label", self.label)
        json.field("resource", ifPresent: self.resource)
        json.field("scope", ifPresent: self.scope)
        json.close("}")
    }
}

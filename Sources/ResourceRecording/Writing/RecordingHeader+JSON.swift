import ResourceContainer
import ResourceMonitoring

extension RecordingHeader: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("attach", ifPresent: self.attach)
        json.field("clockOffsetSeconds", self.clockOffsetSeconds)
        json.field("clockOriginNanoseconds", self.clockOriginNanoseconds)
        json.field("container", self.container)
        json.field("format", self.format)
        json.field("origin", self.origin)
        json.field("rules", self.rules)
        json.field("version", self.version)
        json.close("}")
    }
}

extension FindingRules: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("allowed", self.allowed)
        json.field("errorBurst", self.errorBurst)
        json.field("failuresInARow", self.failuresInARow)
        json.field("flapChanges", self.flapChanges)
        json.field("quietAfter", self.quietAfter)
        json.field("scopeAtLeast", self.scopeAtLeast)
        json.field("scopeFactor", self.scopeFactor)
        json.field("scopeHistory", self.scopeHistory)
        json.field("slowDispose", self.slowDispose)
        json.field("slowInitialise", self.slowInitialize)
        json.field("starvedAfter", self.starvedAfter)
        json.field("stormRate", self.stormRate)
        json.field("transients", self.transients)
        json.field("unusedAfter", self.unusedAfter)
        json.close("}")
    }
}

extension FindingRules.Allowance: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("kind", self.kind.wireName)
        json.field("subject", ifPresent: self.subject)
        json.close("}")
    }
}

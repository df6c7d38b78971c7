import ResourceContainer

extension AttachDescription: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("beatNanoseconds", self.beatNanoseconds)
        json.field("commands", self.commands)
        json.field("host", self.host)
        json.field("instance", self.instance)
        json.field("may", self.may)
        json.field("pastNanoseconds", ifPresent: self.pastNanoseconds)
        json.field("pid", self.pid)
        json.field("processStarted", ifPresent: self.processStarted)
        json.field("program", self.program)
        json.field("started", self.started)
        json.field("uid", self.uid)
        json.field("version", ifPresent: self.version)
        json.close("}")
    }
}

extension AttachBeat: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("lagNanoseconds", ifPresent: self.lagNanoseconds)
        json.field("pastNanoseconds", ifPresent: self.pastNanoseconds)
        json.field("summary", ifPresent: self.summary)
        json.field("waitingNanoseconds", ifPresent: self.waitingNanoseconds)
        json.close("}")
    }
}

extension AttachSummary: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("active", self.active)
        json.field("attention", ifPresent: self.attention)
        json.field("errors", self.errors)
        json.field("findings", ifPresent: self.findings)
        json.field("health", ifPresent: self.health)
        json.field("pool", ifPresent: self.pool)
        json.field("scopes", self.scopes)
        json.field("uptimeNanoseconds", self.uptimeNanoseconds)
        json.field("waiting", self.waiting)
        json.field("worstFinding", ifPresent: self.worstFinding)
        json.close("}")
    }
}

extension PoolUse: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("limit", self.limit)
        json.field("name", self.name)
        json.field("used", self.used)
        json.close("}")
    }
}

extension AttachAnswer: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("count", ifPresent: self.count)
        json.field("error", ifPresent: self.error)
        json.field("id", self.id)
        json.field("report", ifPresent: self.report)
        json.field("resource", ifPresent: self.resource)
        json.field("scope", ifPresent: self.scope)
        json.field("texts", ifPresent: self.texts)
        json.close("}")
    }
}

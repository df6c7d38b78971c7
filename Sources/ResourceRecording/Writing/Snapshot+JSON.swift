import ResourceContainer

extension ContainerSnapshot: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("bindings", self.bindings)
        json.field("books", self.books)
        json.field("closedScopes", self.closedScopes)
        json.field("container", self.container)
        json.field("outcomes", ifPresent: self.outcomes)
        json.field("pools", self.pools)
        json.field("resources", self.resources)
        json.field("scopes", self.scopes)
        json.field("sequence", self.sequence)
        json.field("time", self.time)
        json.close("}")
    }
}

extension Books: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("abandoned", self.abandoned)
        json.field("created", self.created)
        json.field("disposed", self.disposed)
        json.field("disposing", self.disposing)
        json.field("errors", self.errors)
        json.field("initFailed", self.initFailed)
        json.field("initialising", self.initializing)
        json.field("ready", self.ready)
        json.close("}")
    }
}

extension ScopeOutcomeCounts: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("canceled", self.canceled)
        json.field("none", self.none)
        json.field("returned", self.returned)
        json.field("threw", self.threw)
        json.close("}")
    }
}

extension ScopeSnapshot: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("books", self.books)
        json.field("disposal", ifPresent: self.disposal?.limit)
        json.field("id", self.id)
        json.field("name", self.name)
        json.field("openedAt", self.openedAt)
        json.field("parent", ifPresent: self.parent)
        json.field("place", self.location)
        json.field("state", self.state.rawValue)
        json.field("tag", ifPresent: self.tag)
        json.field("trace", ifPresent: self.traceID?.rawValue)
        json.field("values", ifPresent: self.values)
        json.close("}")
    }
}

extension ResourceSnapshot: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("binding", self.binding)
        json.field("createdAt", self.createdAt)
        json.field("dependencies", self.dependencies)
        json.field("health", ifPresent: self.health)
        json.field("id", self.id)
        json.field("readyAt", ifPresent: self.readyAt)
        json.field("readyOrder", ifPresent: self.readyOrder)
        json.field("scope", self.scope)
        json.field("state", self.state.wireName)
        json.field("uses", self.uses)
        json.close("}")
    }
}

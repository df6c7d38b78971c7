import ResourceContainer
import ResourceMonitoring

extension RecordedInput: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        if !self.events.isEmpty { json.field("events", self.events) }
        json.field("missed", ifPresent: self.missed)
        json.field("samples", ifPresent: self.samples)
        json.field("snapshot", ifPresent: self.snapshot)
        json.close("}")
    }
}

extension RecordedSamples: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("pools", ifPresent: self.pools)
        json.field("slow", ifPresent: self.slow)
        if let uses = self.uses { json.list("uses", uses) { json, number in json.write(number) } }
        json.close("}")
    }
}

extension RecordedSamples.Slow: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("books", self.books)
        json.field("booksSequence", self.booksSequence)
        json.field("forgottenScopes", ifPresent: self.forgottenScopes)
        json.field("health", ifPresent: self.health)
        json.field("outliving", ifPresent: self.outliving)
        json.close("}")
    }
}

extension OutlivingResource: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("label", self.label)
        json.field("place", self.location)
        json.field("resource", self.resource)
        json.field("scope", self.scope)
        json.field("since", self.since)
        json.close("}")
    }
}

extension Changes: JSONWritable where Element: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("count", self.count)
        json.list("items", self.items) { json, item in
            json.open("{")
            json.field("at", item.at)
            json.field("new", item.new)
            json.close("}")
        }
        json.close("}")
    }
}

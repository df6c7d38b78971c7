import ResourceContainer

extension BindingSnapshot: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("allowsFaults", self.allowsFaults)
        json.field("books", self.books)
        json.field("form", ifPresent: self.form?.rawValue)
        json.field("id", self.id)
        json.field("lifetime", self.lifetime)
        json.field("name", ifPresent: self.name)
        json.field("path", ifPresent: self.path)
        json.field("place", self.location)
        json.field("tags", self.tags)
        json.field("type", self.type)
        json.close("}")
    }
}

// A case of an enumeration is an object with one field, named after the case. Its value is an object with the associated values.

extension Lifetime: JSONWritable {
    func write(into json: inout JSONBytes) {
        switch self {
        case .singleton: json.write(case: "singleton")
        case .scoped: json.write(case: "scoped")
        case .tagged(let tag): json.write(case: "tagged") { json in json.field("_0", tag) }
        case .transient: json.write(case: "transient")
        }
    }
}

extension InjectedFault: JSONWritable {
    func write(into json: inout JSONBytes) {
        switch self {
        case .failInitialize: json.write(case: "failInitialise")
        case .hangInitialize: json.write(case: "hangInitialise")
        case .slowInitialize(let duration):
            json.write(case: "slowInitialise") { json in
                json.key("_0")
                json.write(halves: duration)
            }
        case .failDispose: json.write(case: "failDispose")
        case .hangDispose: json.write(case: "hangDispose")
        }
    }
}

extension JSONBytes {
    fileprivate mutating func write(case name: StaticString, _ values: (inout JSONBytes) -> Void = { _ in }) {
        self.open("{")
        self.key(name)
        self.open("{")
        values(&self)
        self.close("}")
        self.close("}")
    }

    /// Writes a duration as `Duration` encodes itself: the upper and the lower half of its 128 bits of attoseconds.
    fileprivate mutating func write(halves duration: Duration) {
        let attoseconds = duration.attoseconds
        self.open("[")
        self.write(Int64(truncatingIfNeeded: attoseconds >> 64))
        self.element()
        self.write(UInt64(truncatingIfNeeded: attoseconds))
        self.close("]")
    }
}

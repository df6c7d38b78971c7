import ResourceContainer

// An identity is written as its number.

extension ScopeID: JSONWritable {
    func write(into json: inout JSONBytes) { json.write(self.rawValue) }
}

extension ResourceID: JSONWritable {
    func write(into json: inout JSONBytes) { json.write(self.rawValue) }
}

extension BindingID: JSONWritable {
    func write(into json: inout JSONBytes) { json.write(self.rawValue) }
}

extension CodeLocation: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("file", self.file)
        json.field("line", self.line)
        json.close("}")
    }
}

import ResourceContainer

/// A value that is written as JSON.
///
/// An object writes its fields in the order of their names, as `JSONEncoder` sorts them: by the bytes of their UTF-8 form.
protocol JSONWritable {
    /// Writes the value.
    func write(into json: inout JSONBytes)
}

// The methods are generic and specialized in this module, so that a value costs no existential.
extension JSONBytes {
    /// Writes a field with an integer.
    @inline(__always)
    mutating func field(_ name: StaticString, _ value: some BinaryInteger) {
        self.key(name)
        self.write(value)
    }

    /// Writes a field with any other value.
    @inline(__always)
    mutating func field(_ name: StaticString, _ value: some JSONWritable) {
        self.key(name)
        value.write(into: &self)
    }

    /// Writes a field with a list of values.
    mutating func field(_ name: StaticString, _ values: [some JSONWritable]) {
        self.list(name, values) { json, value in value.write(into: &json) }
    }

    /// Writes a field with an object whose fields have names from the application.
    mutating func field(_ name: StaticString, _ values: [String: some JSONWritable]) {
        self.key(name)
        self.open("{")
        for (name, value) in values.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            self.key(text: name)
            value.write(into: &self)
        }
        self.close("}")
    }

    /// Writes a field with a list, each element of which `write` writes.
    mutating func list<Value>(_ name: StaticString, _ values: [Value], _ write: (inout JSONBytes, Value) -> Void) {
        self.key(name)
        self.open("[")
        for value in values {
            self.element()
            write(&self, value)
        }
        self.close("]")
    }

    // MARK: Optional fields

    /// Writes a field with an integer, unless it is nil.
    @inline(__always)
    mutating func field(_ name: StaticString, ifPresent value: (some BinaryInteger)?) {
        if let value { self.field(name, value) }
    }

    /// Writes a field with any other value, unless it is nil.
    mutating func field(_ name: StaticString, ifPresent value: (some JSONWritable)?) {
        if let value { self.field(name, value) }
    }

    /// Writes a field with an object whose fields have names from the application, unless it is nil.
    mutating func field(_ name: StaticString, ifPresent values: [String: some JSONWritable]?) {
        if let values { self.field(name, values) }
    }

    /// Writes a field with a list of values, unless it is nil.
    mutating func field(_ name: StaticString, ifPresent values: [some JSONWritable]?) {
        if let values { self.field(name, values) }
    }
}

extension String: JSONWritable {
    func write(into json: inout JSONBytes) { json.write(self) }
}

extension Bool: JSONWritable {
    func write(into json: inout JSONBytes) { json.write(self) }
}

extension Double: JSONWritable {
    func write(into json: inout JSONBytes) { json.write(self) }
}

// Times are written in nanoseconds.

extension Duration: JSONWritable {
    func write(into json: inout JSONBytes) { json.write(self.wholeNanoseconds) }
}

extension TimeSource.Instant: JSONWritable {
    func write(into json: inout JSONBytes) { json.write(self.nanoseconds) }
}

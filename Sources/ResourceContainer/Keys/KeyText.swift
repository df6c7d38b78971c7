/// A key in words: as a label, and as Swift code. The texts are computed on demand.
struct KeyText: Sendable {
    private let type: any Sendable.Type
    let name: String?

    init<Value: Sendable>(_ type: Value.Type, name: String?) {
        self.type = type
        self.name = name
    }

    /// The displayed form of the key: `Database`, or `Database(primary)` for a named binding.
    var label: String {
        bindingLabel(self.typeLabel, self.name)
    }

    /// The displayed name of the type: without its module, with its generic arguments.
    var typeLabel: String {
        let type = self.type
        return String(describing: type).cleaned(limit: TextLimit.name)
    }

    /// The type as an expression in Swift: `Database.self`, or `(any Store).self` for a protocol.
    var typeCode: String {
        let label = self.typeLabel
        // The metatype of a protocol type is called `Store.Protocol`, that of another type `Database.Type`.
        let type = Swift.type(of: self.type)
        if String(describing: type).hasSuffix(".Protocol") { return label == "Any" ? "(any Sendable).self" : "(any \(label)).self" }
        return label.contains("->") ? "(\(label)).self" : "\(label).self"
    }

    /// The key as arguments of a call in Swift: `Database.self, name: "primary"`.
    var code: String {
        self.name.map { "\(self.typeCode), name: \(Self.literal($0))" } ?? self.typeCode
    }

    /// A text as a string literal in Swift.
    static func literal(_ text: String) -> String {
        let escaped = text.asName.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
        return "\"\(escaped)\""
    }
}

/// The displayed form of a key: `Database`, or `Database(primary)` for a named binding.
func bindingLabel(_ type: String, _ name: String?) -> String {
    name.map { "\(type)(\($0.asName))" } ?? type
}

/// The names of values in recordings where they differ from the names in the API.
///
/// Recordings keep the spelling that version 1.0 of the format wrote, so that every reader of that version reads them. Text for people and
/// reports use the raw values.
private protocol WireNamed: RawRepresentable<String>, Codable {
    /// The cases whose name in a recording is not their raw value.
    static var wireNames: [(value: Self, name: String)] { get }
}

extension WireNamed where Self: Equatable {
    fileprivate static func value(from decoder: any Decoder) throws -> Self {
        let name = try decoder.singleValueContainer().decode(String.self)
        if let value = Self.wireNames.first(where: { $0.name == name })?.value ?? Self(rawValue: name) { return value }
        throw DecodingError.dataCorrupted(
            DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "'\(name.cleaned(limit: 40))' is not a \(Self.self)")
        )
    }

    fileprivate var recordedName: String {
        Self.wireNames.first { $0.value == self }?.name ?? self.rawValue
    }

    fileprivate func encodeName(to encoder: any Encoder) throws {
        var field = encoder.singleValueContainer()
        try field.encode(self.recordedName)
    }
}

extension ResourceState: WireNamed {
    fileprivate static let wireNames = [(value: ResourceState.initializing, name: "initialising")]

    /// The state's name in a recording.
    package var wireName: String { self.recordedName }

    /// Decodes a state from its name in a recording, or from its raw value.
    public init(from decoder: any Decoder) throws { self = try Self.value(from: decoder) }

    /// Encodes the state's name in a recording.
    public func encode(to encoder: any Encoder) throws { try self.encodeName(to: encoder) }
}

extension ResourceEvent.Phase: WireNamed {
    fileprivate static let wireNames = [(value: ResourceEvent.Phase.initialize, name: "initialise")]

    /// The step's name in a recording.
    package var wireName: String { self.recordedName }

    /// Decodes a step from its name in a recording, or from its raw value.
    public init(from decoder: any Decoder) throws { self = try Self.value(from: decoder) }

    /// Encodes the step's name in a recording.
    public func encode(to encoder: any Encoder) throws { try self.encodeName(to: encoder) }
}

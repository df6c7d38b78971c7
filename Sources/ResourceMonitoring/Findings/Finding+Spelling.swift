/// The names of kinds in recordings, and in configuration written for version 0.1.
extension Finding.Kind {
    private static let earlierNames: [(kind: Self, name: String)] = [
        (.initializeSlow, "initialise-slow"), (.initializeFailing, "initialise-failing"), (.initializeStorm, "initialise-storm"),
    ]

    /// The name in recordings, as version 1.0 of the format wrote it.
    package var wireName: String {
        Self.earlierNames.first { $0.kind == self }?.name ?? self.rawValue
    }

    /// Creates a kind from its raw value, or from its name before the spelling became American; nil if `name` is neither.
    package init?(anySpelling name: String) {
        guard let kind = Self(rawValue: name) ?? Self.earlierNames.first(where: { $0.name == name })?.kind else { return nil }
        self = kind
    }
}

extension FindingRules.Allowance {
    private enum CodingKeys: String, CodingKey {
        case kind, subject
    }

    /// Decodes an allowance from a recording or from configuration.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let name = try fields.decode(String.self, forKey: .kind)
        guard let kind = Finding.Kind(anySpelling: name) else {
            throw DecodingError.dataCorruptedError(
                forKey: .kind,
                in: fields,
                debugDescription: "unknown finding '\(name.cleaned(limit: 40))'"
            )
        }
        self.init(kind: kind, subject: try fields.decodeIfPresent(String.self, forKey: .subject))
    }

    /// Encodes the allowance with the names of recordings.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(self.kind.wireName, forKey: .kind)
        try fields.encodeIfPresent(self.subject, forKey: .subject)
    }
}

/// The identity of a scope within its container: counted from 0 (the root) and never used twice.
public struct ScopeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt64

    /// The identity with this number.
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The root scope of every container.
    public static let root = ScopeID(0)

    public static func < (left: ScopeID, right: ScopeID) -> Bool {
        left.rawValue < right.rawValue
    }

    public var description: String {
        "scope \(self.rawValue)"
    }
}

/// The identity of one instance that a container made or was given: counted from 1 and never used twice.
public struct ResourceID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt64

    /// The identity with this number.
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    public static func < (left: ResourceID, right: ResourceID) -> Bool {
        left.rawValue < right.rawValue
    }

    public var description: String {
        "#\(self.rawValue)"
    }
}

/// The identity of what is bound under one key within its container: the place of the key in the order in which keys were bound first, from 0.
/// A binding that overrides another has its identity.
public struct BindingID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: Int

    /// The identity with this number.
    public init(_ rawValue: Int) {
        self.rawValue = rawValue
    }

    public static func < (left: BindingID, right: BindingID) -> Bool {
        left.rawValue < right.rawValue
    }

    public var description: String {
        "binding \(self.rawValue)"
    }
}

/// A place in source code, as `#fileID` and `#line` give it.
public struct SourcePlace: Hashable, Sendable, Codable, CustomStringConvertible {
    /// `Module/File.swift`.
    public var file: String
    /// The line, from 1.
    public var line: UInt

    /// The place `line` of `file`.
    public init(file: String, line: UInt) {
        self.file = file
        self.line = line
    }

    /// `File.swift:12`, without the module.
    public var description: String {
        let name = self.file.lastIndex(of: "/").map { self.file[self.file.index(after: $0)...] } ?? self.file[...]
        return "\(name):\(self.line)".cleaned(limit: TextLimit.name)
    }
}

// As text an identity is its number.

extension ScopeID: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(UInt64.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.rawValue)
    }
}

extension ResourceID: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(UInt64.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.rawValue)
    }
}

extension BindingID: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(Int.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.rawValue)
    }
}

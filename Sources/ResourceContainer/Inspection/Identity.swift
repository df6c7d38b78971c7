/// The identity of a scope within its container. Identities are numbered from 0, the root, and never reused.
public struct ScopeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of the identity.
    public let rawValue: UInt64

    /// Creates the identity with this number.
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The root scope of every container.
    public static let root = ScopeID(0)

    /// Whether the left scope was opened first.
    public static func < (left: ScopeID, right: ScopeID) -> Bool {
        left.rawValue < right.rawValue
    }

    /// `scope 3`.
    public var description: String {
        "scope \(self.rawValue)"
    }
}

/// The identity of an instance within its container. Identities are numbered from 1 and never reused.
public struct ResourceID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of the identity.
    public let rawValue: UInt64

    /// Creates the identity with this number.
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Whether the creation of the left instance started first.
    public static func < (left: ResourceID, right: ResourceID) -> Bool {
        left.rawValue < right.rawValue
    }

    /// `#3`.
    public var description: String {
        "#\(self.rawValue)"
    }
}

/// The identity of a bound key within its container. Keys are numbered from 0, in the order in which they were first bound.
///
/// A binding that overrides another one keeps its identity.
public struct BindingID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of the identity.
    public let rawValue: Int

    /// Creates the identity with this number.
    public init(_ rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Whether the left key was bound first.
    public static func < (left: BindingID, right: BindingID) -> Bool {
        left.rawValue < right.rawValue
    }

    /// `binding 3`.
    public var description: String {
        "binding \(self.rawValue)"
    }
}

/// A source location, from `#fileID` and `#line`.
public struct CodeLocation: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The file, as `Module/File.swift`.
    public var file: String
    /// The line, starting at 1.
    public var line: UInt

    /// Creates the source location `line` in `file`.
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

// An identity is encoded as its number.

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

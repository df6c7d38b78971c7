import Foundation
import GRDB

/// The value of one column of one row, in one of SQLite's storage classes.
public enum SQLiteValue: Hashable, Sendable {
    /// `NULL`.
    case null
    /// A 64-bit signed integer.
    case integer(Int64)
    /// A 64-bit floating-point number.
    case real(Double)
    /// Text; it may contain NUL characters.
    case text(String)
    /// Bytes.
    case blob([UInt8])

    init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob(Array(data))
        }
    }
}

/// An argument and a result of GRDB's own statements, for use in `read` and `write`. GRDB ends a text at its first NUL character;
/// ``SQLiteTransaction`` and the statements of ``SQLiteDatabase`` do not.
extension SQLiteValue: DatabaseValueConvertible {
    /// The value as GRDB binds it.
    public var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .real(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }

    /// Returns the value that GRDB read. It is never nil.
    public static func fromDatabaseValue(_ value: DatabaseValue) -> SQLiteValue? {
        SQLiteValue(value)
    }
}

extension SQLiteValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByFloatLiteral {
    /// An integer value.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A text value.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A real value.
    public init(floatLiteral value: Double) { self = .real(value) }
}

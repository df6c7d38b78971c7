/// The method of a request, such as `GET`. String literals create any other method: `"PURGE"`.
public struct HTTPMethod: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The method as it is sent. Methods are case-sensitive.
    public let rawValue: String

    /// Creates a method. It is validated when a request is sent.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a method from a string literal. It is validated when a request is sent.
    public init(stringLiteral value: String) {
        self.rawValue = value
    }

    /// The method as it is sent.
    public var description: String {
        self.rawValue
    }

    /// `GET`.
    public static let get: HTTPMethod = "GET"
    /// `HEAD`.
    public static let head: HTTPMethod = "HEAD"
    /// `POST`.
    public static let post: HTTPMethod = "POST"
    /// `PUT`.
    public static let put: HTTPMethod = "PUT"
    /// `PATCH`.
    public static let patch: HTTPMethod = "PATCH"
    /// `DELETE`.
    public static let delete: HTTPMethod = "DELETE"
    /// `OPTIONS`.
    public static let options: HTTPMethod = "OPTIONS"
}

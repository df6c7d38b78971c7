extension HTTPClientPool {
    /// The method of a request, such as `GET`. String literals create any other method: `"PURGE"`.
    public struct Method: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
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
        public static let get: Method = "GET"
        /// `HEAD`.
        public static let head: Method = "HEAD"
        /// `POST`.
        public static let post: Method = "POST"
        /// `PUT`.
        public static let put: Method = "PUT"
        /// `PATCH`.
        public static let patch: Method = "PATCH"
        /// `DELETE`.
        public static let delete: Method = "DELETE"
        /// `OPTIONS`.
        public static let options: Method = "OPTIONS"
    }
}

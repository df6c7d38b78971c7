#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The reason why a server has no socket, as a clause.
struct SocketFault: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// A failed call of the system, with the text of its error number.
    init(_ what: String, _ number: Int32) {
        self.init("\(what): \(Self.words(number))")
    }

    /// The system's text for an error number.
    static func words(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}

import LocalSockets
import ResourceRecording

/// The reason why a server has no socket, as a clause.
struct SocketFault: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// A failed call of the system, with the text of its error number.
    init(_ what: String, _ error: SystemError) {
        self.init("\(what): \(Self.words(error))")
    }

    /// The text for an error number.
    static func words(_ error: SystemError) -> String {
        FileFault.words(error.number)
    }

    /// Calls the system, and describes a failure by `what`.
    static func describing<Value>(_ what: String, _ call: () throws(SystemError) -> Value) throws(SocketFault) -> Value {
        do throws(SystemError) {
            return try call()
        } catch {
            throw SocketFault(what, error)
        }
    }
}

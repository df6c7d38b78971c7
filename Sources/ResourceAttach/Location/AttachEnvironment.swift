import LocalSockets

/// The variables of the process's environment that concern the server. An empty variable counts as absent.
struct AttachEnvironment: Sendable, Hashable {
    /// `RESMON_ATTACH`: `off`, or the path of the socket.
    var attach: String?
    /// The variables that choose the folder of the socket.
    var sockets = SocketEnvironment()

    /// The environment of this process.
    static var current: AttachEnvironment {
        AttachEnvironment(attach: SocketEnvironment.value("RESMON_ATTACH"), sockets: .current)
    }

    /// The order of the environment: whether to serve, and where.
    enum Order: Sendable, Hashable {
        /// The program decides.
        case none
        /// Do not serve.
        case off
        /// Serve at this path.
        case path(String)
        /// The variable has another value. The server does not start, because the value may be a misspelt `off`.
        case unclear(String)
    }

    /// The order of `RESMON_ATTACH`; `{PID}` in a path is replaced by `pid`.
    func order(pid: Int32) -> Order {
        guard let attach = self.attach else { return .none }
        if attach == "off" { return .off }
        let prefix = "unix://"
        guard attach.hasPrefix(prefix), attach.dropFirst(prefix.count).hasPrefix("/") else { return .unclear(attach) }
        return .path(Self.replacing("{PID}", in: String(attach.dropFirst(prefix.count)), by: String(pid)))
    }

    private static func replacing(_ mark: String, in text: String, by value: String) -> String {
        var (rest, result) = (text[...], "")
        while let range = rest.firstRange(of: mark) {
            result += rest[..<range.lowerBound] + value
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

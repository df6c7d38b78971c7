import ResourceMonitoring

/// The reason for which a flight recorder saves by itself.
enum FlightReason: Sendable, Hashable {
    /// The container was closed with errors.
    case failedClose
    /// A chosen finding was raised.
    case finding(Finding.Kind)
    /// The interval of ``FlightSaving/every`` has passed.
    case interval

    /// The reason in names of files.
    var name: String {
        switch self {
        case .failedClose: "close"
        case .finding(let kind): kind.rawValue
        case .interval: "interval"
        }
    }

    /// Creates a reason from its name in files; nil if `name` is no reason.
    init?(name: some StringProtocol) {
        switch String(name) {
        case Self.failedClose.name: self = .failedClose
        case Self.interval.name: self = .interval
        case let name:
            guard let kind = Finding.Kind(rawValue: name) else { return nil }
            self = .finding(kind)
        }
    }

    /// The reason as a clause for users.
    var text: String {
        switch self {
        case .failedClose: "the container was closed with errors"
        case .finding(let kind): "the finding \(kind.rawValue) was raised"
        case .interval: "the interval has passed"
        }
    }

    /// Of two reasons for one file, the higher one is kept.
    var rank: Int {
        switch self {
        case .failedClose: 2
        case .finding: 1
        case .interval: 0
        }
    }
}

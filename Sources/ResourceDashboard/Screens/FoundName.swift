import ResourceContainer

/// An item of the container with its name, and where it leads. The item may have ended.
struct FoundName: Hashable, Sendable {
    /// The kind of an item. Items with the same score and time are listed in this order.
    enum Kind: Int, Hashable, Sendable {
        case type, pool, finding, scope, resource

        var word: String {
            switch self {
            case .type: "type"
            case .pool: "pool"
            case .finding: "finding"
            case .scope: "scope"
            case .resource: "resource"
            }
        }
    }

    var kind: Kind
    var name: String
    var destination: Destination
    /// When the item began, or was last seen. Types and pools have none, because they last.
    var time: TimeSource.Instant?
    /// When the item ended; nil if it is live in the picture that is shown.
    var endedAt: TimeSource.Instant?
}

extension FoundName {
    /// Creates the item whose end an event line records; nil if it records no end.
    init?(endOf line: EventLine) {
        guard let event = line.event else { return nil }
        switch event.kind {
        case .scopeClosed:
            self.init(kind: .scope, name: line.scope, destination: .scope(event.scope), time: line.time, endedAt: line.time)
        case .disposed, .disposeThrew, .abandoned, .initializationFailed:
            guard let resource = event.resource else { return nil }
            self.init(kind: .resource, name: line.who, destination: .resource(resource), time: line.time, endedAt: line.time)
        default:
            return nil
        }
    }
}

/// What an event is in the log: the frequent kinds as plain words, the others in a box. Written many times for each time one is read,
/// it is put into the words of ``ResourceEvent/Kind`` only when somebody reads it. Holds no scope and no instance: the log outlives them.
enum LoggedKind: Sendable {
    case scopeClosing
    case scopeClosed(disposed: Int32, threw: Int32, abandoned: Int32, took: Int64)
    case initialising
    case ready(took: Int64, order: UInt64, dependencies: [ResourceHandle])
    case disposing
    case disposed(took: Int64, lived: Int64)
    case rare(RareKind)

    static func boxed(_ kind: ResourceEvent.Kind) -> LoggedKind {
        .rare(RareKind(kind))
    }

    var isError: Bool {
        if case .rare(let rare) = self { rare.kind.isError } else { false }
    }

    var kind: ResourceEvent.Kind {
        switch self {
        case .scopeClosing: .scopeClosing
        case .scopeClosed(let disposed, let threw, let abandoned, let took):
            .scopeClosed(disposed: Int(disposed), threw: Int(threw), abandoned: Int(abandoned), took: .nanoseconds(took))
        case .initialising: .initialising
        case .ready(let took, let order, let dependencies):
            .ready(took: .nanoseconds(took), order: order, dependencies: dependencies.map(\.id))
        case .disposing: .disposing
        case .disposed(let took, let lived): .disposed(took: .nanoseconds(took), lived: .nanoseconds(lived))
        case .rare(let rare): rare.kind
        }
    }
}

/// A kind in a box.
final class RareKind: Sendable {
    let kind: ResourceEvent.Kind

    init(_ kind: ResourceEvent.Kind) {
        self.kind = kind
    }
}

/// An event as it stands in the log; its number follows from its place.
struct LoggedEvent: Sendable {
    let time: TimeSource.Instant
    let scope: ScopeID
    /// 0 for none.
    let resource: ResourceID
    /// Negative for none.
    let binding: Int32
    let kind: LoggedKind

    func event(number: UInt64) -> ResourceEvent {
        ResourceEvent(
            sequence: number,
            time: self.time,
            scope: self.scope,
            resource: self.resource.rawValue == 0 ? nil : self.resource,
            binding: self.binding < 0 ? nil : BindingID(Int(self.binding)),
            kind: self.kind.kind
        )
    }
}

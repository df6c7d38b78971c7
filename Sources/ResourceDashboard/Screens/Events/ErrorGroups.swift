import ResourceContainer

/// A group of errors with the same kind, subject and cause.
struct ErrorGroup: Hashable, Sendable, Identifiable {
    struct ID: Hashable, Sendable {
        var what: String
        /// The label of the binding, or another subject.
        var subject: String
        var message: String
    }

    var id: ID
    var count: Int
    var first: EventLine
    var last: EventLine
    /// The number of errors in each twentieth of the time that the stored events span, oldest first.
    var course: [Int]
}

extension Picture {
    static let errorColumns = 20

    /// Returns the stored errors that pass, grouped by kind, subject and cause, with the group of the newest error first. O(errors).
    func errorGroups(where passes: (EventLine) -> Bool = { _ in true }) -> [ErrorGroup] {
        guard let begin = self.events.first?.time else { return [] }
        let length = max(1, (self.time - begin).wholeNanoseconds.addingSaturated(1))
        var groups: [ErrorGroup.ID: ErrorGroup] = [:]
        for line in self.events.errors.lazy.map({ self.events[$0] }) where passes(line) {
            let id = ErrorGroup.ID(line)
            let part = Double((line.time - begin).wholeNanoseconds) / Double(length)
            let column = min(Self.errorColumns - 1, max(0, Int(part * Double(Self.errorColumns))))
            var group =
                groups[id] ?? ErrorGroup(id: id, count: 0, first: line, last: line, course: Array(repeating: 0, count: Self.errorColumns))
            group.count += 1
            group.last = line
            group.course[column] += 1
            groups[id] = group
        }
        return groups.values.sorted { ($1.last.sequence, $0.id.subject, $0.id.message) < ($0.last.sequence, $1.id.subject, $1.id.message) }
    }
}

extension ErrorGroup.ID {
    /// Creates the identity of the group of a warning or an error.
    init(_ line: EventLine) {
        self.init(what: line.what, subject: line.subject, message: line.cause)
    }
}

extension EventLine {
    /// The subject without its number, so that lines about the same binding form one group.
    fileprivate var subject: String {
        guard case .event(let event, let label, let scope) = self.content else { return self.who }
        if case .scopeClosed(_, _, _, _, .threw) = event.kind { return "scope \(ScopeGroup.pattern(of: scope))" }
        return event.resource == nil ? "scopes" : label
    }

    /// The cause of a warning or an error, without durations, scopes and counts, which differ between occurrences.
    fileprivate var cause: String {
        switch self.event?.kind {
        case .initializationFailed(let error, _): error
        case .disposeThrew(let error, _, _): error
        case .abandoned(let phase, let budget): Self.abandoned(phase, budget)
        case .leaseTimedOut: "lease timed out"
        case .leaseExhausted: "pool exhausted"
        case .ready: "slow to initialize"
        case .completedLate(let phase, _): "\(phase.rawValue) finished late"
        case .closeExpedited: "the budget is nearly spent"
        case .scopeClosed(_, let threw, let abandoned, _, let outcome):
            [
                outcome?.kind == .threw ? outcome?.description ?? "" : "", threw > 0 ? "disposes threw" : "",
                abandoned > 0 ? "instances were abandoned" : "",
            ].filter { !$0.isEmpty }.joined(separator: ", ")
        case .leaseSlow: "waited for a lease"
        case .leaseLost(let location, _, _): "leased at \(location), not released when its scope closed"
        case .leakSuspected(let location, _, _): "leased at \(location), not released so far"
        case .healthChanged(_, let result): "\(result.status.rawValue)\(result.message.map { ": \($0)" } ?? "")"
        case .droppedOpen: "the container was dropped without being closed"
        default: self.message
        }
    }
}

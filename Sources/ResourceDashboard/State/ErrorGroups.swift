import ResourceContainer

/// A group of errors with the same kind, subject and cause.
struct ErrorGroup: Hashable, Sendable {
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

    /// Returns the stored errors grouped by kind, subject and cause, with the group of the newest error first. O(events).
    func errorGroups() -> [ErrorGroup] {
        guard let begin = self.events.first?.time else { return [] }
        let length = max(1, (self.time - begin).wholeNanoseconds.addingSaturated(1))
        var groups: [ErrorGroup.ID: ErrorGroup] = [:]
        for line in self.events.errors.lazy.map({ self.events[$0] }) {
            let id = ErrorGroup.ID(what: line.what, subject: line.subject, message: line.cause)
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

extension EventLine {
    /// The subject without its number, so that errors of the same binding form one group.
    fileprivate var subject: String {
        guard let resource = self.resource else { return self.event == nil ? self.who : "scopes" }
        return String(self.who.dropLast("\(resource)".count))
    }

    /// The cause without durations, which differ between occurrences.
    fileprivate var cause: String {
        switch self.event?.kind {
        case .initializationFailed(let error, _): error
        case .disposeThrew(let error, _, _): error
        case .abandoned(let phase, let budget): Self.abandoned(phase, budget)
        case .leaseTimedOut: "lease timed out"
        case .leaseExhausted: "pool exhausted"
        default: self.message
        }
    }
}

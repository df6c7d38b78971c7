import ResourceContainer

/// Warnings and errors with the same level, kind, subject without its number, and cause.
///
/// Its identity does not depend on its lines, so it stays while lines are added and removed.
struct TroubleGroup: Identifiable, Sendable {
    struct ID: Hashable, Sendable {
        var level: EventLevel
        var group: ErrorGroup.ID
    }

    /// The largest number of lines that are grouped. Older warnings and errors are in the event log.
    static let limit = 500

    let id: ID
    /// The newest line, which Enter opens.
    let newest: EventLine
    /// The time of the oldest line.
    private(set) var oldest: TimeSource.Instant
    /// The number of lines.
    private(set) var count = 1
    /// The subject of the lines, without its number if they have several.
    private(set) var subject: String

    /// Creates the group of one line.
    private init(_ id: ID, _ line: EventLine) {
        self.id = id
        self.newest = line
        self.oldest = line.time
        self.subject = line.who
    }

    /// Returns the groups of the lines that pass, the one with the newest line first, and the number of groups of all lines. O(lines).
    ///
    /// - Parameter numbers: The numbers of the lines, newest first.
    static func all(
        _ numbers: [Int],
        in events: EventArchive,
        where passes: (EventLine) -> Bool
    ) -> (groups: [TroubleGroup], total: Int) {
        var groups: [TroubleGroup] = []
        var indices: [ID: Int] = [:]
        var known: Set<ID> = []
        for number in numbers {
            let line = events[number]
            let id = ID(level: line.level, group: ErrorGroup.ID(line))
            known.insert(id)
            guard passes(line) else { continue }
            if let index = indices[id] {
                groups[index].add(line)
            } else {
                indices[id] = groups.count
                groups.append(TroubleGroup(id, line))
            }
        }
        return (groups, known.count)
    }

    /// Adds a line that is older than the others.
    private mutating func add(_ line: EventLine) {
        self.count += 1
        self.oldest = line.time
        if self.subject != line.who { self.subject = self.id.group.subject }
    }

    /// The details of the only line, or the common cause of several.
    var message: String {
        self.count == 1 ? self.newest.message : self.id.group.message
    }

    /// Returns the group as a line of text: a single line in full, and otherwise the figures of the group.
    func text(_ context: ScreenContext) -> String {
        guard self.count > 1 else { return context.eventText(self.newest) }
        let (first, last) = (context.clock.time(self.oldest), context.clock.time(self.newest.time))
        return "\(self.id.level.label) \(self.id.group.what) \(self.subject): \(self.message), \(Format.times(self.count)), "
            + "first \(first), last \(last)"
    }
}

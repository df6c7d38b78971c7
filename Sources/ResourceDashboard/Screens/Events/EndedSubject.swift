import ResourceContainer

/// The subject of an event that is no longer in the picture.
extension ScreenContext {
    /// The largest number of lines after an event in which the end of its scope is searched.
    private static let searchedLines = 100_000

    /// Returns the resource of an event, or else its scope, with the time of its end; nil if no event about the end of either is stored.
    ///
    /// O(n / 256) for a resource, and O(lines between the event and the end) for a scope.
    func endedSubject(of line: EventLine) -> FoundName? {
        self.endedResource(of: line) ?? self.closedScope(of: line)
    }

    private func endedResource(of line: EventLine) -> FoundName? {
        guard let resource = line.resource else { return nil }
        let lines = self.picture.events.lines(of: resource)
        // The lines are newest first. An abandoned resource may have a second end.
        guard var name = lines.compactMap({ FoundName(endOf: $0) }).last else { return nil }
        name.time = lines.last?.time
        return name
    }

    private func closedScope(of line: EventLine) -> FoundName? {
        let events = self.picture.events
        guard let scope = line.scopeID, let number = events.number(of: line) else { return nil }
        let ends = events[number...].prefix(Self.searchedLines).lazy.compactMap { FoundName(endOf: $0) }
        guard var name = ends.first(where: { $0.destination == .scope(scope) }) else { return nil }
        name.time = line.time
        return name
    }
}

import ResourceContainer

/// The list of the event lines that pass a filter, oldest first. It follows the newest line until the user selects a line or scrolls.
///
/// A selected line keeps its place on the screen while lines are added and removed. It is found by its content, so that it stays selected
/// in another picture, and after it is no longer stored.
struct EventList: ListStatus {
    /// A line, and where it is in the archive.
    private struct Anchor: Sendable {
        let line: EventLine
        /// The number of the line, or the number at which it would be if it is not stored.
        private(set) var number: Int
        private(set) var isStored: Bool

        /// Creates the anchor of the line with a number.
        init(_ number: Int, in events: EventArchive) {
            self.line = events[number]
            self.number = number
            self.isStored = true
        }

        init(_ line: EventLine, in events: EventArchive) {
            self.line = line
            self.number = events.endIndex
            self.isStored = false
            self.locate(in: events)
        }

        /// Finds the line in another archive, in which its number may differ.
        mutating func locate(in events: EventArchive) {
            if events.indices.contains(self.number), events[self.number] == self.line { return self.isStored = true }
            let found = events.number(of: self.line)
            let sequence = self.line.sequence
            self.number = found ?? events.partitioningIndex { $0.sequence >= sequence }
            self.isStored = found != nil
        }
    }

    /// The fields that a filter of event lines may name.
    static let fields: [Filter.Field] = [.type, .name, .scope, .level, .what, .id]

    private(set) var filter = FilterField()
    private var rows = EventRows()
    /// The archive of the picture that is shown. It shares its chunks with the picture, and is empty while another view is shown.
    private var events = EventArchive()
    private var selection: Anchor?
    /// The last line when the list stopped following the newest. Later lines do not move the selected one.
    private var last: Anchor?
    /// The first visible line that the wheel or the scroll bar chose.
    private var held: Anchor?

    var fields: [Filter.Field] { Self.fields }
    var count: Int { self.events.isEmpty ? 0 : self.rows.count }
    var total: Int { self.events.count }
    var sorting: (column: Int, isDescending: Bool)? { nil }
    var sortWords: String? { nil }

    /// The selected line, which may no longer be stored; nil if none is selected.
    var selected: EventLine? { self.selection?.line }
    /// Whether the selected line is stored.
    var isSelectedStored: Bool { self.selection?.isStored ?? false }
    /// The newest line that passes the filter; nil if there is none.
    var newest: EventLine? { self.count > 0 ? self.line(at: self.count - 1) : nil }
    /// Whether the newest line is always visible.
    var isFollowing: Bool { self.selection == nil && self.held == nil }

    var selectedIndex: Int? {
        guard let selection = self.selection, selection.isStored else { return nil }
        return self.rows.row(of: selection.number)
    }

    var top: Int? {
        if let held = self.held { return self.rows.row(from: held.number) }
        guard let selection = self.selection else { return self.count }
        return self.selectedIndex == nil ? self.rows.row(from: selection.number) : nil
    }

    func window(height: Int) -> Range<Int> {
        guard height > 0, self.count > 0 else { return 0..<0 }
        let wanted = self.top ?? (self.selectedIndex ?? 0) - height * 2 / 3
        let top = max(0, min(wanted, (self.held == nil ? self.end : self.count) - height))
        return top..<min(self.count, top + height)
    }

    /// The number of rows up to the last one when the list stopped following the newest line.
    private var end: Int {
        self.last.map { self.rows.row(from: $0.number + 1) } ?? self.count
    }

    /// Returns the line of a row. O(1).
    func line(at row: Int) -> EventLine {
        self.events[self.rows[row]]
    }

    /// Returns the newest lines that pass the filter, oldest first.
    func suffix(_ limit: Int) -> [EventLine] {
        (max(0, self.count - limit)..<self.count).map { self.line(at: $0) }
    }

    /// Shows the lines of an archive. O(new lines); O(lines) after a change of the filter.
    mutating func refresh(_ events: EventArchive) {
        self.events = events
        self.rows.refresh(events, self.filter.filter)
        self.selection?.locate(in: events)
        self.last?.locate(in: events)
        self.held?.locate(in: events)
    }

    /// Selects a line.
    mutating func select(_ line: EventLine, in events: EventArchive) {
        self.selection = Anchor(line, in: events)
        self.last = events.isEmpty ? nil : Anchor(events.endIndex - 1, in: events)
        self.held = nil
    }

    /// Follows the newest line, with no line selected.
    mutating func follow() {
        self.selection = nil
        self.last = nil
        self.held = nil
    }

    mutating func perform(_ action: ListAction) {
        switch action {
        case .move(let step): self.move(by: step)
        case .moveToEnd(let first): self.select(row: first ? 0 : self.count)
        case .cycle(let step):
            guard self.count > 0 else { return }
            let row = self.selectedIndex ?? (step > 0 ? -1 : 0)
            self.select(row: (row + step + self.count) % self.count)
        case .select(let row):
            guard let anchor = self.anchor(of: row) else { return }
            if self.last == nil || row >= self.end { self.last = self.anchor(of: self.count - 1) }
            self.selection = anchor
        case .scroll(let row):
            // At its end, the list follows the newest line again.
            self.held = row >= self.count && self.selection == nil ? nil : self.anchor(of: min(row, self.count - 1))
        case .filter(let text):
            self.held = nil
            self.filter.set(text, fields: Self.fields)
        case .sort, .sortNext, .reverse: break
        }
    }

    private mutating func move(by step: Int) {
        guard self.count > 0 else { return }
        if let row = self.selectedIndex {
            self.select(row: row + step)
        } else if self.isFollowing {
            self.select(row: self.count + step)
        } else {
            // No visible row is selected, so the selection continues from the first visible one.
            self.select(row: (self.top ?? 0) + (step > 0 ? step - 1 : step))
        }
    }

    /// Selects a row. After the last row, the list follows the newest line.
    private mutating func select(row: Int) {
        guard row < self.count else { return self.follow() }
        self.held = nil
        self.perform(.select(max(0, row)))
    }

    private func anchor(of row: Int) -> Anchor? {
        (0..<self.count).contains(row) ? Anchor(self.rows[row], in: self.events) : nil
    }

    // MARK: Changes of the picture

    /// Forgets the numbers of lines.
    mutating func renumber() {
        self.rows = EventRows()
    }

    /// Releases the archive, because another view is shown.
    mutating func leave() {
        self.events = EventArchive()
    }

    /// Forgets the lines of the previous container.
    mutating func reset() {
        self.follow()
        self.renumber()
        self.leave()
    }
}

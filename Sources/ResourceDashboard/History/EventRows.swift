/// The numbers of the event lines that pass a filter, ascending.
///
/// Lines keep their numbers, so only new lines are tested against the filter. Without a filter, the rows are a range.
struct EventRows: RandomAccessCollection, Sendable {
    private var filter = Filter.all
    private var range = 0..<0
    /// The numbers of the lines that pass the filter; unused without a filter.
    private var passing: [Int] = []

    var startIndex: Int { 0 }
    var endIndex: Int { self.filter.isEmpty ? self.range.count : self.passing.count }

    subscript(position: Int) -> Int {
        self.filter.isEmpty ? self.range.lowerBound + position : self.passing[position]
    }

    /// Adds the new lines and removes those that are gone. O(new lines); O(lines) after a change of the filter.
    mutating func refresh(_ events: EventArchive, _ filter: Filter) {
        let range = events.startIndex..<events.endIndex
        defer { self.range = range }
        guard !filter.isEmpty else {
            self.filter = filter
            self.passing = []
            return
        }
        if filter != self.filter || range.lowerBound < self.range.lowerBound {
            self.filter = filter
            self.passing = []
            self.range = range.lowerBound..<range.lowerBound
        }
        self.passing.removeLast(self.passing.count - self.passing.partitioningIndex { $0 >= range.upperBound })
        self.passing.removeFirst(self.passing.partitioningIndex { $0 >= range.lowerBound })
        let begin = Swift.min(Swift.max(self.range.upperBound, range.lowerBound), range.upperBound)
        for number in begin..<range.upperBound where filter.passes(events[number]) { self.passing.append(number) }
    }

    /// Returns the row of the line with a number; nil if it is not shown. O(log n).
    func row(of number: Int) -> Int? {
        let row = self.row(from: number)
        return row < self.endIndex && self[row] == number ? row : nil
    }

    /// Returns the first row of a line with at least a number. O(log n).
    func row(from number: Int) -> Int {
        self.partitioningIndex { $0 >= number }
    }
}

extension Filter {
    /// Whether an event line passes.
    func passes(_ line: EventLine) -> Bool {
        self.passes(text: line.text) { field in
            switch field {
            case .type, .name: .texts([line.who])
            case .scope: .texts([line.scope])
            case .level: .texts([line.level.label])
            case .what: .texts([line.what])
            case .id: line.resource.map { .texts(["\($0.rawValue)", "\($0)"]) }
            case .state, .life, .err, .health, .tag, .uses, .outcome: nil
            }
        }
    }
}

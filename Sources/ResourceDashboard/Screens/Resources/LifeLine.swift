import ResourceContainer
import ResourceMonitoring

/// The phases of an instance's life on a time axis.
///
/// Every phase that the axis covers has at least one cell, so that a dispose of a millisecond at the end of an hour can be seen.
struct LifeLine: Sendable {
    enum Phase: Hashable, Sendable {
        case initializing, ready, disposing
        /// After an instance was abandoned, until its step finished.
        case late

        var glyph: Glyph {
            switch self {
            case .initializing: .pending
            case .ready: .span
            case .disposing: .dashed
            case .late: .dotted
            }
        }

        var role: Role {
            switch self {
            case .initializing: .stateInitializing
            case .ready: .stateReady
            case .disposing: .stateDisposing
            case .late: .stateFailed
            }
        }

        var word: String {
            switch self {
            case .initializing: "initializing"
            case .ready: "ready"
            case .disposing: "disposing"
            case .late: "late"
            }
        }
    }

    /// A phase and its time.
    struct Part: Hashable, Sendable {
        var phase: Phase
        var from: TimeSource.Instant
        var to: TimeSource.Instant
    }

    /// When the creation began.
    let created: TimeSource.Instant
    /// The first instant of the axis.
    let begin: TimeSource.Instant
    /// The last instant of the axis.
    let end: TimeSource.Instant
    /// The phases that the axis covers, in order.
    private(set) var parts: [Part] = []
    /// When the instance was disposed, failed, or was abandoned; nil while it is active.
    private(set) var finish: TimeSource.Instant?

    /// Creates the line of a whole life, or of its last part if it is longer than `span`. The axis includes the dispose and all that
    /// followed it.
    ///
    /// - Parameters:
    ///   - row: The resource.
    ///   - events: The event lines about it, newest first.
    ///   - scope: Its scope; nil if it is no longer known.
    ///   - now: The end of the axis for a resource that is active.
    ///   - span: The longest time that the axis covers.
    init(_ row: ResourceRow, events: [EventLine], scope: ScopeRow?, now: TimeSource.Instant, span: ChartSpan) {
        let created = row.resource.createdAt
        var end = now
        if !row.resource.state.isActive {
            end = max(row.endedAt ?? created, events.first?.time ?? created)
            // The scope closes after its last dispose. The axis includes it unless that makes the life itself hard to read.
            if let closed = scope?.closedAt, closed > end, closed - end <= (end - created) / 2 { end = closed }
            end = min(end, now)
        }
        let begin = end - created > .seconds(span.rawValue) ? end + .seconds(-span.rawValue) : created
        self.init(row, events: events, from: begin, to: end)
    }

    /// Creates the line of the part of a life between two instants.
    init(_ row: ResourceRow, events: [EventLine] = [], from begin: TimeSource.Instant, to end: TimeSource.Instant) {
        self.created = row.resource.createdAt
        self.begin = begin
        self.end = end
        if !row.resource.state.isActive { self.finish = events.first { $0.endsInstance }?.time ?? row.endedAt }
        let stop = self.finish ?? end
        self.add(.initializing, self.created, row.resource.readyAt ?? stop)
        if let ready = row.resource.readyAt {
            self.add(.ready, ready, row.endedAt ?? end)
            // An instance that was abandoned without a dispose has no such phase.
            if let over = row.endedAt, row.resource.state != .abandoned || over < stop { self.add(.disposing, over, stop) }
        }
        if let finish, let late = events.first(where: { $0.isLate })?.time { self.add(.late, finish, late) }
    }

    private mutating func add(_ phase: Phase, _ from: TimeSource.Instant, _ to: TimeSource.Instant) {
        if to >= self.begin, from <= self.end { self.parts.append(Part(phase: phase, from: from, to: max(from, to))) }
    }

    // MARK: Columns

    /// Returns the column of an instant in `width` columns; nil if the axis does not cover it.
    func column(of time: TimeSource.Instant, width: Int) -> Int? {
        guard width > 0, time >= self.begin, time <= self.end else { return nil }
        return min(width - 1, self.offset(time, width))
    }

    /// Returns the columns of each phase in `width` columns, and the column of the end mark. No column has two signs.
    func cells(width: Int) -> (phases: [(phase: Phase, columns: Range<Int>)], mark: Int?) {
        guard width > self.parts.count + 1, let last = self.parts.last else { return ([], nil) }
        let hasMark = self.finish.map { $0 >= self.begin && $0 <= self.end } ?? false
        let isLate = last.phase == .late
        var edges = self.parts.map { self.offset($0.from, width) } + [self.offset(last.to, width)]
        // The cell of the end mark is the first of the late phase, or else follows the last phase.
        func least(_ index: Int) -> Int { hasMark && isLate && index == edges.count - 1 ? 2 : 1 }
        for index in edges.indices.dropFirst() { edges[index] = max(edges[index], edges[index - 1] + least(index)) }
        edges[edges.count - 1] = min(edges[edges.count - 1], hasMark && !isLate ? width - 1 : width)
        for index in edges.indices.dropLast().reversed() { edges[index] = min(edges[index], edges[index + 1] - least(index + 1)) }
        let mark = !hasMark ? nil : isLate ? edges[edges.count - 2] : edges[edges.count - 1]
        var phases: [(phase: Phase, columns: Range<Int>)] = []
        for (index, part) in self.parts.enumerated() {
            let first = edges[index] + (isLate && hasMark && index == self.parts.count - 1 ? 1 : 0)
            phases.append((part.phase, first..<edges[index + 1]))
        }
        return (phases, mark)
    }

    /// Returns the number of columns before an instant.
    private func offset(_ time: TimeSource.Instant, _ width: Int) -> Int {
        let length = Double(max(1, (self.end - self.begin).wholeNanoseconds))
        let share = min(1, max(0, Double((time - self.begin).wholeNanoseconds) / length))
        return Int(share * Double(width))
    }

    // MARK: Axis

    /// The time from the beginning of the axis to its end.
    var length: Duration { self.end - self.begin }

    /// Returns the time since the creation at a position of the axis, from 0 to 1, as text. All labels of an axis have the same unit.
    func label(at share: Double) -> String {
        let whole = self.end - self.created
        let offset = (self.begin - self.created).inSeconds + self.length.inSeconds * share
        switch whole {
        case ..<Duration.milliseconds(10): return Format.decimal(offset * 1000, digits: 2) + "ms"
        case ..<Duration.seconds(1): return Format.decimal(offset * 1000, digits: 0) + "ms"
        case ..<Duration.seconds(10): return Format.decimal(offset, digits: 2) + "s"
        case ..<Duration.seconds(60): return Format.decimal(offset, digits: 1) + "s"
        default: return Format.age(.seconds(offset))
        }
    }
}

extension EventLine {
    /// Whether an instance ended with the event.
    fileprivate var endsInstance: Bool {
        switch self.event?.kind {
        case .disposed, .disposeThrew, .abandoned, .initializationFailed: true
        default: false
        }
    }

    /// Whether a step of an abandoned instance finished with the event.
    fileprivate var isLate: Bool {
        if case .completedLate = self.event?.kind { true } else { false }
    }
}

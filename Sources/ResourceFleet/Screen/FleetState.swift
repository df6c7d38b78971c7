import ResourceContainer
import ResourceDashboard

/// The complete state of the screen of a fleet.
///
/// Only ``update(_:)`` changes it, and ``render()`` draws it. Both are pure.
package struct FleetState: Sendable {
    /// The element over the table.
    enum Overlay: Sendable, Hashable {
        case none
        /// The user edits the filter.
        case filter
        /// The help is shown from this line on.
        case help(top: Int)
    }

    /// A message in the footer that responds to the last key.
    struct Notice: Sendable, Hashable {
        var text: String
        var isFault: Bool
    }

    /// The view for the assignment of keys.
    static let view = DashboardView(named: "fleet")
    /// The time for which rows keep their order after the cursor moved.
    private static let orderHold = Duration.seconds(2)

    let configuration: FleetConfiguration
    package internal(set) var size: Size
    package internal(set) var theme: Theme
    package internal(set) var glyphs: GlyphSet
    package internal(set) var usesMouse: Bool
    let keys: KeyMap
    var clock: WallClock
    var now: TimeSource.Instant

    /// The last table; nil before the first.
    var table: FleetTable?
    /// The number of processes of the table with firing alerts.
    var firing = 0
    var shapes = FleetShapes()
    /// The instant for which the table was read.
    var readAt: TimeSource.Instant?
    /// The fault of the last attempt, and the instant of the first one in a row; nil after a table.
    var fault: (text: String, since: TimeSource.Instant)?
    /// The cost of the last frame and table; nil before the first frame.
    var cost: FleetCost?
    /// Whether no table is read until the user requests one.
    package internal(set) var isPaused = false

    var list = ListState<FleetItem, FleetSort>(sortedBy: .column(.alerts), fields: [.name, .id, .health, .life, .err, .what])
    var overlay = Overlay.none
    var notice: Notice?
    /// When the cursor last moved.
    var movedAt: TimeSource.Instant?
    /// Whether the last key was Ctrl-C. A second one quits.
    var isInterrupted = false
    /// The scroll bar that the pressed button of the mouse drags; nil if none.
    var grabbed: PointerTarget?

    /// Creates the initial state, with no data.
    package init(_ configuration: FleetConfiguration, at now: TimeSource.Instant) {
        self.configuration = configuration
        self.size = configuration.size
        self.theme = configuration.theme
        self.glyphs = configuration.glyphs
        self.usesMouse = configuration.usesMouse
        self.keys = configuration.keys.existing(isAttached: true, hasRecorder: false)
        self.clock = configuration.clock
        self.now = now
        if let first = configuration.notices.first {
            let more = configuration.notices.count - 1
            self.say(first + (more > 0 ? " (and \(more) more: resmon doctor)" : ""), isFault: true)
        }
    }

    /// Handles a message and returns its requests.
    package mutating func update(_ message: FleetMessage) -> [FleetEffect] {
        switch message {
        case .table(let table, let time):
            self.table = table
            self.firing = table.rows.count { !$0.alerts.isEmpty || ($0.figures[.alerts] ?? 0) > 0 }
            self.readAt = time
            self.fault = nil
            self.refreshRows()
        case .shapes(let shapes): self.shapes = shapes
        case .failed(let fault, let time): self.fault = (fault.description, self.fault?.since ?? time)
        case .time(let now, let clock):
            self.now = now
            self.clock = clock
        case .cost(let cost): self.cost = cost
        case .notice(let text, let isFault): self.say(text, isFault: isFault)
        case .input(let event): return self.take(event)
        }
        return []
    }

    mutating func say(_ text: String, isFault: Bool = false) {
        self.notice = Notice(text: text, isFault: isFault)
    }

    // MARK: Rows

    /// Shows the rows of the table that pass the filter, in order.
    mutating func refreshRows() {
        let rows = self.table?.rows ?? []
        self.list.show(
            rows.indices.map { FleetItem(id: rows[$0].id, index: $0) },
            holdsOrder: self.holdsOrder,
            passes: { item, filter in filter.passes(rows[item.index]) },
            key: { item, sort in sort.key(of: rows[item.index]) }
        )
    }

    private var holdsOrder: Bool {
        self.movedAt.map { self.now - $0 < Self.orderHold } ?? false
    }

    /// The selected process; nil if there is none.
    var selected: FleetRow? {
        guard let item = self.list.selected, let rows = self.table?.rows, rows.indices.contains(item.index) else { return nil }
        return rows[item.index]
    }

    /// The time from the newest sample behind the table until now; nil before the first table.
    var age: Duration? {
        guard let table = self.table, let readAt = self.readAt else { return nil }
        return max(.zero, self.now - readAt) + FleetFigure.duration(table.lag)
    }

    /// Whether the table is older than two intervals, so that its figures are not current.
    var isStale: Bool {
        self.fault != nil || (self.readAt.map { self.now - $0 > self.configuration.refresh * 2 } ?? false)
    }
}

extension Filter {
    /// Whether a process of a fleet passes.
    fileprivate func passes(_ row: FleetRow) -> Bool {
        let alerts = row.alerts.map(\.name)
        return self.passes(
            text: "\(row.id.container) \(row.id.instance) \(row.id.job) \(row.health?.rawValue ?? "") \(alerts.joined(separator: " "))"
        ) {
            field in
            switch field {
            case .name: .texts([row.id.container, row.id.job])
            case .id: .texts([row.id.instance])
            case .health: .texts([row.health?.rawValue ?? ""])
            case .life: row.figures[.up].map { .number($0) }
            case .err: row.figures[.errors].map { .number($0) }
            case .what: .texts(alerts)
            case .type, .scope, .state, .tag, .uses, .level, .outcome: nil
            }
        }
    }
}

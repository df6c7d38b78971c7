import ResourceContainer
import ResourceMonitoring

/// Values near those of the next row, so that differences take few bytes.
struct RowOrigin {
    var time: TimeSource.Instant
    var scope: UInt64 = 0
    var resource: UInt64 = 0
    var order: UInt64 = 0
}

// One description of each type serves both writing and reading.

extension FieldCoder {
    mutating func code(_ id: inout ScopeID, near origin: UInt64) {
        var number = id.rawValue
        self.code(&number, near: origin)
        id = ScopeID(number)
    }

    mutating func code(_ id: inout ResourceID, near origin: UInt64) {
        var number = id.rawValue
        self.code(&number, near: origin)
        id = ResourceID(number)
    }

    mutating func code(_ id: inout BindingID) {
        var number = id.rawValue
        self.code(&number)
        id = BindingID(number)
    }

    mutating func code(_ instant: inout TimeSource.Instant, near origin: TimeSource.Instant) {
        self.code(&instant.nanoseconds, near: origin.nanoseconds)
    }

    mutating func code(_ instant: inout TimeSource.Instant?, near origin: TimeSource.Instant) {
        self.code(&instant, blank: origin) { $0.code(&$1, near: origin) }
    }

    mutating func code(_ duration: inout Duration) {
        var nanoseconds = duration.wholeNanoseconds
        self.code(&nanoseconds)
        duration = .nanoseconds(nanoseconds)
    }

    mutating func code(_ location: inout CodeLocation) {
        self.codeShared(&location.file)
        var line = UInt64(location.line)
        self.code(&line)
        location.line = UInt(line)
    }

    mutating func code(_ books: inout Books) {
        self.code(&books.created)
        self.code(&books.initializing)
        self.code(&books.ready)
        self.code(&books.disposing)
        self.code(&books.disposed)
        self.code(&books.initFailed)
        self.code(&books.abandoned)
        self.code(&books.errors)
    }

    mutating func code(_ summary: inout DurationSummary) {
        self.code(&summary.count)
        guard summary.count != 0 else { return }
        self.code(&summary.average)
        self.code(&summary.median)
        self.code(&summary.p95)
        self.code(&summary.p99)
        self.code(&summary.maximum)
    }

    mutating func code(_ result: inout HealthResult, near time: TimeSource.Instant) {
        self.code(&result.status)
        self.codeShared(&result.probe)
        self.code(&result.latency)
        self.code(&result.time, near: time)
        self.code(&result.message, blank: "") { $0.codeShared(&$1) }
    }

    mutating func code(_ ids: inout [ResourceID], near origin: UInt64) {
        var count = ids.count
        self.code(&count)
        if ids.count != count { ids = Array(repeating: ResourceID(0), count: count) }
        for index in ids.indices { self.code(&ids[index], near: origin) }
    }

    mutating func code(_ row: inout ResourceRow, near origin: inout RowOrigin) {
        self.code(&row.resource.id, near: origin.resource)
        origin.resource = row.resource.id.rawValue
        self.code(&row.resource.binding)
        self.code(&row.resource.scope, near: origin.scope)
        origin.scope = row.resource.scope.rawValue
        self.code(&row.resource.state)
        self.code(&row.resource.createdAt, near: origin.time)
        self.code(&row.resource.readyAt, near: row.resource.createdAt)
        self.code(&row.resource.readyOrder, blank: 0) { $0.code(&$1, near: origin.order) }
        origin.order = row.resource.readyOrder ?? origin.order
        self.code(&row.resource.dependencies, near: row.resource.id.rawValue)
        self.code(&row.resource.uses)
        self.code(&row.resource.health, blank: .blank) { $0.code(&$1, near: origin.time) }
        self.code(&row.initializeTook, blank: .zero) { $0.code(&$1) }
        self.code(&row.endedAt, near: origin.time)
        self.code(&row.lastUsedAt, near: origin.time)
        self.code(&row.errors)
        self.code(&row.lastError, blank: "") { $0.codeShared(&$1) }
        self.code(&row.disposeThrew)
    }

    mutating func code(_ row: inout ScopeRow, near origin: inout RowOrigin) {
        self.code(&row.scope.id, near: origin.scope)
        origin.scope = row.scope.id.rawValue
        self.code(&row.scope.name)
        self.code(&row.scope.tag, blank: "") { $0.codeShared(&$1) }
        self.code(&row.scope.parent, blank: .root) { $0.code(&$1, near: origin.scope) }
        self.code(&row.scope.location)
        self.code(&row.scope.openedAt, near: origin.time)
        self.code(&row.scope.state)
        self.code(&row.scope.books)
        self.code(&row.lifetimes)
        self.code(&row.closedAt, near: origin.time)
        self.code(&row.failedDisposes)
        self.code(&row.outcome)
        self.code(&row.scope.values, blank: []) { $0.code(&$1) }
        var trace = row.scope.traceID?.rawValue
        self.code(&trace, blank: "") { $0.code(&$1) }
        row.scope.traceID = trace.flatMap(TraceID.init)
    }

    mutating func code(_ outcome: inout ScopeOutcome?) {
        var (number, type, text) = (UInt64(0), "", "")
        switch outcome {
        case nil: break
        case .returned: number = 1
        case .canceled: number = 2
        case .threw(let errorType, let errorText): (number, type, text) = (3, errorType, errorText)
        }
        self.code(&number)
        switch number {
        case 0: outcome = nil
        case 1: outcome = .returned
        case 2: outcome = .canceled
        default:
            self.codeShared(&type)
            self.codeShared(&text)
            outcome = .threw(type: type, text: text)
        }
    }

    mutating func code(_ ids: inout [BindingID]) {
        var count = ids.count
        self.code(&count)
        if ids.count != count { ids = Array(repeating: BindingID(0), count: count) }
        for index in ids.indices { self.code(&ids[index]) }
    }

    mutating func code(_ state: inout ScopeSnapshot.State) {
        var number: UInt64 =
            switch state {
            case .open: 0
            case .closing: 1
            case .closed: 2
            }
        self.code(&number)
        state = number == 0 ? .open : number == 1 ? .closing : .closed
    }

    /// Codes the figures of a binding. The rest of the binding does not change and is stored elsewhere.
    mutating func codeFigures(_ row: inout BindingRow) {
        self.code(&row.binding.books)
        self.code(&row.lifetimes)
        self.code(&row.initialize)
        self.code(&row.dispose)
    }
}

extension HealthResult {
    fileprivate static let blank = HealthResult(
        status: .unknown,
        probe: "",
        latency: .zero,
        time: TimeSource.Instant(nanoseconds: 0)
    )
}

extension ScopeRow {
    static let blank = ScopeRow(
        scope: ScopeSnapshot(
            id: .root,
            name: "",
            parent: nil,
            location: CodeLocation(file: "", line: 0),
            openedAt: TimeSource.Instant(nanoseconds: 0)
        )
    )
}

extension ResourceRow {
    static let blank = ResourceRow(
        resource: ResourceSnapshot(id: ResourceID(0), binding: BindingID(0), scope: .root, createdAt: TimeSource.Instant(nanoseconds: 0))
    )
}

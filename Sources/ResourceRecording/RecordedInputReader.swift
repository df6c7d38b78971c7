import Foundation
import ResourceContainer
import ResourceMonitoring

/// A reader of the body of an `input` line.
struct RecordedInputReader {
    private enum Key: String, CaseIterable {
        case missed, snapshot, events, samples
    }

    private static let names = JSONNames<Key>()
    private static let eventNames = JSONNames<RecordedEvent.Key>()
    private static let eventKinds = JSONNames<RecordedEvent.Kind>()

    private(set) var missed: UInt64 = 0
    private(set) var snapshot: ContainerSnapshot?
    private(set) var events: [ResourceEvent] = []
    private(set) var samples: RecordedSamples?
    /// The number of events whose kind was added by a newer version.
    private(set) var unknownEvents = 0

    init(_ body: [UInt8]) throws {
        try body.withUnsafeBufferPointer { bytes in
            var walk = JSONWalk(bytes)
            let fields = try JSONFields(&walk, names: Self.names)
            guard walk.isAtEnd else { throw JSONWalk.Fault() }
            self.missed = try fields.number(ifPresent: .missed) ?? 0
            self.snapshot = try fields.decoded(ContainerSnapshot.self, ifPresent: .snapshot)
            self.samples = try fields.decoded(RecordedSamples.self, ifPresent: .samples)
            guard let list = fields.value(.events) else { return }
            var events = JSONWalk(list)
            try events.list(from: "[", to: "]") { walk in
                if let event = try Self.event(try JSONFields(&walk, names: Self.eventNames)) {
                    self.events.append(event)
                } else {
                    self.unknownEvents += 1
                }
            }
        }
    }

    /// Reads an event; returns nil if its kind was added by a newer version.
    private static func event(_ row: JSONFields<RecordedEvent.Key>) throws -> ResourceEvent? {
        guard let kind = try row.name(.kind, of: self.eventKinds) else { return nil }
        let scope = ScopeID(try row.number(.scope))
        let time = TimeSource.Instant(nanoseconds: try row.number(.time))
        return ResourceEvent(
            sequence: try row.number(.sequence),
            time: time,
            scope: scope,
            resource: try row.number(ifPresent: .resource).map { ResourceID($0) },
            binding: try row.number(ifPresent: .binding).map { BindingID($0) },
            kind: try self.kind(kind, row, scope: scope, time: time)
        )
    }

    /// Reads how the body of a scope ended; nil if the event does not contain it.
    private static func outcome(_ row: JSONFields<RecordedEvent.Key>) throws -> ScopeOutcome? {
        guard let name = try row.text(ifPresent: .outcome) else { return nil }
        switch ScopeOutcome.Kind(rawValue: name) {
        case .returned: return .returned
        case .threw: return .threw(type: try row.text(.type), text: try row.text(.text))
        case .canceled: return .canceled
        case nil: throw JSONWalk.Fault()
        }
    }

    private static func kind(
        _ name: RecordedEvent.Kind,
        _ row: JSONFields<RecordedEvent.Key>,
        scope: ScopeID,
        time: TimeSource.Instant
    ) throws -> ResourceEvent.Kind {
        func duration(_ key: RecordedEvent.Key) throws -> Duration { .nanoseconds(try row.number(key) as Int64) }
        func text() throws -> String { try row.text(.text) }
        func location() throws -> CodeLocation { CodeLocation(file: try row.text(.file), line: try row.number(.line)) }
        func target() throws -> ScopeID? { try row.number(ifPresent: .target).map { ScopeID($0) } }
        func needs() throws -> [ResourceID] { try row.numbers(.needs).map { ResourceID($0) } }
        func phase() throws -> ResourceEvent.Phase { try row.decoded(ResourceEvent.Phase.self, .phase) }
        switch name {
        case .bound: return .bound(try row.decoded(BindingSnapshot.self, .row))
        case .opened:
            var opened = ScopeSnapshot(
                id: scope,
                name: try row.text(.name),
                tag: try row.text(ifPresent: .tag),
                parent: try row.number(ifPresent: .parent).map { ScopeID($0) },
                location: try location(),
                openedAt: time
            )
            opened.disposal = try row.number(ifPresent: .limit).map { StepOrder.concurrent(limit: $0) }
            opened.traceID = try row.decoded(TraceID.self, ifPresent: .trace)
            let values = try row.numbers(.values).map { BindingID($0) }
            if !values.isEmpty { opened.values = values }
            return .scopeOpened(opened)
        case .closing: return .scopeClosing
        case .hurried: return .closeExpedited(left: try row.number(.left))
        case .closed:
            return .scopeClosed(
                disposed: try row.number(.disposed),
                threw: try row.number(.threw),
                abandoned: try row.number(.abandoned),
                took: try duration(.took),
                outcome: try self.outcome(row)
            )
        case .initializing: return .initializing
        case .ready: return .ready(took: try duration(.took), order: try row.number(.order), dependencies: try needs())
        case .failed: return .initializationFailed(try text(), took: try duration(.took))
        case .needs:
            guard let needed = try needs().first else { throw JSONWalk.Fault() }
            return .dependencyAdded(needed)
        case .disposing: return .disposing
        case .disposed: return .disposed(took: try duration(.took), lived: try duration(.lived))
        case .threw: return .disposeThrew(try text(), took: try duration(.took), lived: try duration(.lived))
        case .abandoned: return .abandoned(try phase(), budget: try duration(.budget))
        case .late: return .completedLate(try phase(), took: try duration(.took))
        case .noted: return .noted(try text())
        case .error: return .errorReported(try text())
        case .leaseSlow: return .leaseSlow(waited: try duration(.waited))
        case .leaseTimedOut: return .leaseTimedOut(waited: try duration(.waited), message: try text())
        case .leaseExhausted: return .leaseExhausted
        case .leaseReentrant: return .leaseReentrant
        case .leaseLost: return .leaseLost(location: try location(), scope: try target(), held: try duration(.held))
        case .leaseRecovered: return .leaseRecovered(location: try location(), after: try duration(.after))
        case .health:
            return .healthChanged(
                from: try row.decoded(HealthStatus.self, .from),
                to: try row.decoded(HealthResult.self, .to)
            )
        case .fellBack: return .fellBack(from: try row.text(.from), reason: try text())
        case .leakSuspected: return .leakSuspected(location: try location(), scope: try target(), held: try duration(.held))
        case .leakWithdrawn: return .leakWithdrawn(location: try location(), after: try duration(.after))
        case .rebound: return .rebound(try row.decoded(BindingSnapshot.self, .row))
        case .droppedOpen: return .droppedOpen(live: try row.number(.live))
        case .fault: return .faultInjected(try row.decoded(InjectedFault.self, .fault))
        }
    }
}

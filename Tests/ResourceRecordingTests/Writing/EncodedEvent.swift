import ResourceContainer

@testable import ResourceRecording

/// An event for `JSONEncoder`: flat, with the names of recordings, and with durations in nanoseconds.
struct EncodedEvent: Encodable {
    private let event: ResourceEvent

    init(_ event: ResourceEvent) {
        self.event = event
    }

    /// The name of a field.
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ key: RecordedEvent.Key) { self.stringValue = key.rawValue }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// The fields of an event.
    private struct Row {
        var fields: KeyedEncodingContainer<Name>

        mutating func encode(_ value: some Encodable, forKey key: RecordedEvent.Key) throws {
            try self.fields.encode(value, forKey: Name(key))
        }

        mutating func encodeIfPresent(_ value: (some Encodable)?, forKey key: RecordedEvent.Key) throws {
            try self.fields.encodeIfPresent(value, forKey: Name(key))
        }
    }

    func encode(to encoder: any Encoder) throws {
        let event = self.event
        var row = Row(fields: encoder.container(keyedBy: Name.self))
        try row.encode(event.sequence, forKey: .sequence)
        try row.encode(event.time.nanoseconds, forKey: .time)
        try row.encode(event.scope.rawValue, forKey: .scope)
        try row.encodeIfPresent(event.resource?.rawValue, forKey: .resource)
        try row.encodeIfPresent(event.binding?.rawValue, forKey: .binding)
        func put(_ kind: RecordedEvent.Kind) throws { try row.encode(kind.rawValue, forKey: .kind) }
        func put(_ key: RecordedEvent.Key, _ duration: Duration) throws { try row.encode(duration.wholeNanoseconds, forKey: key) }
        func put(text: String) throws { try row.encode(text, forKey: .text) }
        func put(_ location: CodeLocation, _ scope: ScopeID?) throws {
            try row.encode(location.file, forKey: .file)
            try row.encode(location.line, forKey: .line)
            try row.encodeIfPresent(scope?.rawValue, forKey: .target)
        }
        switch event.kind {
        case .bound(let binding):
            try put(.bound)
            try row.encode(binding, forKey: .row)
        case .rebound(let binding):
            try put(.rebound)
            try row.encode(binding, forKey: .row)
        case .droppedOpen(let live):
            try put(.droppedOpen)
            try row.encode(live, forKey: .live)
        case .scopeOpened(let scope):
            // The other properties of a new scope have fixed initial values.
            try put(.opened)
            try row.encode(scope.name, forKey: .name)
            try row.encodeIfPresent(scope.tag, forKey: .tag)
            try row.encodeIfPresent(scope.parent?.rawValue, forKey: .parent)
            try row.encodeIfPresent(scope.disposal?.limit, forKey: .limit)
            try row.encodeIfPresent(scope.traceID, forKey: .trace)
            try row.encodeIfPresent(scope.values?.map(\.rawValue), forKey: .values)
            try put(scope.location, nil)
        case .scopeClosing: try put(.closing)
        case .closeExpedited(let left):
            try put(.hurried)
            try row.encode(left, forKey: .left)
        case .scopeClosed(let disposed, let threw, let abandoned, let took, let outcome):
            try put(.closed)
            try row.encodeIfPresent(outcome?.kind.rawValue, forKey: .outcome)
            if case .threw(let type, let text) = outcome {
                try row.encode(type, forKey: .type)
                try put(text: text)
            }
            try row.encode(disposed, forKey: .disposed)
            try row.encode(threw, forKey: .threw)
            try row.encode(abandoned, forKey: .abandoned)
            try put(.took, took)
        case .initializing: try put(.initializing)
        case .ready(let took, let order, let dependencies):
            try put(.ready)
            try put(.took, took)
            try row.encode(order, forKey: .order)
            if !dependencies.isEmpty { try row.encode(dependencies.map(\.rawValue), forKey: .needs) }
        case .initializationFailed(let text, let took):
            try put(.failed)
            try put(text: text)
            try put(.took, took)
        case .dependencyAdded(let resource):
            try put(.needs)
            try row.encode([resource.rawValue], forKey: .needs)
        case .disposing: try put(.disposing)
        case .disposed(let took, let lived):
            try put(.disposed)
            try put(.took, took)
            try put(.lived, lived)
        case .disposeThrew(let text, let took, let lived):
            try put(.threw)
            try put(text: text)
            try put(.took, took)
            try put(.lived, lived)
        case .abandoned(let phase, let budget):
            try put(.abandoned)
            try row.encode(phase, forKey: .phase)
            try put(.budget, budget)
        case .completedLate(let phase, let took):
            try put(.late)
            try row.encode(phase, forKey: .phase)
            try put(.took, took)
        case .noted(let text):
            try put(.noted)
            try put(text: text)
        case .errorReported(let text):
            try put(.error)
            try put(text: text)
        case .leaseSlow(let waited):
            try put(.leaseSlow)
            try put(.waited, waited)
        case .leaseTimedOut(let waited, let message):
            try put(.leaseTimedOut)
            try put(.waited, waited)
            try put(text: message)
        case .leaseExhausted: try put(.leaseExhausted)
        case .leaseReentrant: try put(.leaseReentrant)
        case .leaseLost(let location, let scope, let held):
            try put(.leaseLost)
            try put(location, scope)
            try put(.held, held)
        case .leaseRecovered(let location, let after):
            try put(.leaseRecovered)
            try put(location, nil)
            try put(.after, after)
        case .healthChanged(let from, let to):
            try put(.health)
            try row.encode(from, forKey: .from)
            try row.encode(to, forKey: .to)
        case .fellBack(let from, let reason):
            try put(.fellBack)
            try row.encode(from, forKey: .from)
            try put(text: reason)
        case .leakSuspected(let location, let scope, let held):
            try put(.leakSuspected)
            try put(location, scope)
            try put(.held, held)
        case .leakWithdrawn(let location, let after):
            try put(.leakWithdrawn)
            try put(location, nil)
            try put(.after, after)
        case .faultInjected(let fault):
            try put(.fault)
            try row.encode(fault, forKey: .fault)
        }
    }
}

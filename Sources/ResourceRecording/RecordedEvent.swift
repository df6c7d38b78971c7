import ResourceContainer

/// An event as it stands in a recording: flat, with short names, durations in nanoseconds. Nil for a kind that a newer version wrote.
struct RecordedEvent: Codable {
    var event: ResourceEvent?

    private enum Key: String, CodingKey {
        case sequence = "n"
        case time = "t"
        case scope = "s"
        case resource = "r"
        case binding = "b"
        case kind = "k"
        case took, lived, budget, waited, held, after, order, needs, text, phase, place, from, to, fault, disposed, threw, abandoned, row
        case target = "in"
    }

    /// The kinds by their names in the file.
    private enum Kind: String, Codable {
        case bound, opened, closing, closed, initialising, ready, failed, needs, disposing, disposed, threw, abandoned, late, noted, error
        case leaseSlow = "lease-slow"
        case leaseTimedOut = "lease-timed-out"
        case leaseExhausted = "lease-exhausted"
        case leaseReentrant = "lease-reentrant"
        case leaseLost = "lease-lost"
        case leaseRecovered = "lease-recovered"
        case health
        case fellBack = "fell-back"
        case leakSuspected = "leak-suspected"
        case leakWithdrawn = "leak-withdrawn"
        case fault
    }

    init(_ event: ResourceEvent) {
        self.event = event
    }

    // MARK: Writing

    func encode(to encoder: any Encoder) throws {
        guard let event = self.event else { return }
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(event.sequence, forKey: .sequence)
        try row.encode(event.time.nanoseconds, forKey: .time)
        try row.encode(event.scope.rawValue, forKey: .scope)
        try row.encodeIfPresent(event.resource?.rawValue, forKey: .resource)
        try row.encodeIfPresent(event.binding?.rawValue, forKey: .binding)
        func put(_ kind: Kind) throws { try row.encode(kind.rawValue, forKey: .kind) }
        func put(_ key: Key, _ duration: Duration) throws { try row.encode(duration.wholeNanoseconds, forKey: key) }
        func put(text: String) throws { try row.encode(text, forKey: .text) }
        func put(_ place: SourcePlace, _ scope: ScopeID?) throws {
            try row.encode(place, forKey: .place)
            try row.encodeIfPresent(scope?.rawValue, forKey: .target)
        }
        switch event.kind {
        case .bound(let binding):
            try put(.bound)
            try row.encode(binding, forKey: .row)
        case .scopeOpened(let scope):
            try put(.opened)
            try row.encode(scope, forKey: .row)
        case .scopeClosing: try put(.closing)
        case .scopeClosed(let disposed, let threw, let abandoned, let took):
            try put(.closed)
            try row.encode(disposed, forKey: .disposed)
            try row.encode(threw, forKey: .threw)
            try row.encode(abandoned, forKey: .abandoned)
            try put(.took, took)
        case .initialising: try put(.initialising)
        case .ready(let took, let order, let dependencies):
            try put(.ready)
            try put(.took, took)
            try row.encode(order, forKey: .order)
            if !dependencies.isEmpty { try row.encode(dependencies.map(\.rawValue), forKey: .needs) }
        case .initialisationFailed(let text, let took):
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
        case .leaseLost(let place, let scope, let held):
            try put(.leaseLost)
            try put(place, scope)
            try put(.held, held)
        case .leaseRecovered(let place, let after):
            try put(.leaseRecovered)
            try put(place, nil)
            try put(.after, after)
        case .healthChanged(let from, let to):
            try put(.health)
            try row.encode(from, forKey: .from)
            try row.encode(to, forKey: .to)
        case .fellBack(let from, let reason):
            try put(.fellBack)
            try row.encode(from, forKey: .from)
            try put(text: reason)
        case .leakSuspected(let place, let scope, let held):
            try put(.leakSuspected)
            try put(place, scope)
            try put(.held, held)
        case .leakWithdrawn(let place, let after):
            try put(.leakWithdrawn)
            try put(place, nil)
            try put(.after, after)
        case .faultInjected(let fault):
            try put(.fault)
            try row.encode(fault, forKey: .fault)
        }
    }

    // MARK: Reading

    init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: Key.self)
        guard let name = Kind(rawValue: try row.decode(String.self, forKey: .kind)) else { return }
        func duration(_ key: Key) throws -> Duration { .nanoseconds(try row.decode(Int64.self, forKey: key)) }
        func text() throws -> String { try row.decode(String.self, forKey: .text) }
        func place() throws -> SourcePlace { try row.decode(SourcePlace.self, forKey: .place) }
        func target() throws -> ScopeID? { try row.decodeIfPresent(UInt64.self, forKey: .target).map { ScopeID($0) } }
        func needs() throws -> [ResourceID] { try (row.decodeIfPresent([UInt64].self, forKey: .needs) ?? []).map { ResourceID($0) } }
        func phase() throws -> ResourceEvent.Phase { try row.decode(ResourceEvent.Phase.self, forKey: .phase) }
        let kind: ResourceEvent.Kind =
            switch name {
            case .bound: .bound(try row.decode(BindingSnapshot.self, forKey: .row))
            case .opened: .scopeOpened(try row.decode(ScopeSnapshot.self, forKey: .row))
            case .closing: .scopeClosing
            case .closed:
                .scopeClosed(
                    disposed: try row.decode(Int.self, forKey: .disposed),
                    threw: try row.decode(Int.self, forKey: .threw),
                    abandoned: try row.decode(Int.self, forKey: .abandoned),
                    took: try duration(.took)
                )
            case .initialising: .initialising
            case .ready: .ready(took: try duration(.took), order: try row.decode(UInt64.self, forKey: .order), dependencies: try needs())
            case .failed: .initialisationFailed(try text(), took: try duration(.took))
            case .needs: .dependencyAdded(try needs().first ?? ResourceID(0))
            case .disposing: .disposing
            case .disposed: .disposed(took: try duration(.took), lived: try duration(.lived))
            case .threw: .disposeThrew(try text(), took: try duration(.took), lived: try duration(.lived))
            case .abandoned: .abandoned(try phase(), budget: try duration(.budget))
            case .late: .completedLate(try phase(), took: try duration(.took))
            case .noted: .noted(try text())
            case .error: .errorReported(try text())
            case .leaseSlow: .leaseSlow(waited: try duration(.waited))
            case .leaseTimedOut: .leaseTimedOut(waited: try duration(.waited), message: try text())
            case .leaseExhausted: .leaseExhausted
            case .leaseReentrant: .leaseReentrant
            case .leaseLost: .leaseLost(place: try place(), scope: try target(), held: try duration(.held))
            case .leaseRecovered: .leaseRecovered(place: try place(), after: try duration(.after))
            case .health:
                .healthChanged(
                    from: try row.decode(HealthStatus.self, forKey: .from),
                    to: try row.decode(HealthResult.self, forKey: .to)
                )
            case .fellBack: .fellBack(from: try row.decode(String.self, forKey: .from), reason: try text())
            case .leakSuspected: .leakSuspected(place: try place(), scope: try target(), held: try duration(.held))
            case .leakWithdrawn: .leakWithdrawn(place: try place(), after: try duration(.after))
            case .fault: .faultInjected(try row.decode(InjectedFault.self, forKey: .fault))
            }
        self.event = ResourceEvent(
            sequence: try row.decode(UInt64.self, forKey: .sequence),
            time: TimeSource.Instant(nanoseconds: try row.decode(Int64.self, forKey: .time)),
            scope: ScopeID(try row.decode(UInt64.self, forKey: .scope)),
            resource: try row.decodeIfPresent(UInt64.self, forKey: .resource).map { ResourceID($0) },
            binding: try row.decodeIfPresent(Int.self, forKey: .binding).map { BindingID($0) },
            kind: kind
        )
    }
}

import ResourceContainer
import ResourceMonitoring

extension MonitorUpdate {
    /// The update with 0 for the line of every place in source code: `Shop.swift:0`. Texts of the program under watch, errors among them,
    /// are left as they are.
    var withoutLines: MonitorUpdate {
        var update = self
        for index in update.bindings.indices { update.bindings[index].binding.place.line = 0 }
        for index in update.scopes.indices { update.scopes[index].scope.place.line = 0 }
        for index in update.pools.indices {
            for holder in update.pools[index].holders.indices { update.pools[index].holders[holder].place.line = 0 }
            for waiter in update.pools[index].waiters.indices { update.pools[index].waiters[waiter].place.line = 0 }
        }
        update.findings = update.findings.map(\.withoutLines)
        update.withdrawnFindings = update.withdrawnFindings.map(\.withoutLines)
        for index in update.events.indices { update.events[index].kind = update.events[index].kind.withoutLines }
        return update
    }
}

extension Finding {
    fileprivate var withoutLines: Finding {
        var finding = self
        finding.place?.line = 0
        // The monitor writes places into what it has seen.
        finding.evidence = finding.evidence.replacing(/\.swift:[0-9]+/, with: ".swift:0")
        return finding
    }
}

extension ResourceEvent.Kind {
    fileprivate var withoutLines: ResourceEvent.Kind {
        switch self {
        case .bound(var binding):
            binding.place.line = 0
            return .bound(binding)
        case .rebound(var binding):
            binding.place.line = 0
            return .rebound(binding)
        case .scopeOpened(var scope):
            scope.place.line = 0
            return .scopeOpened(scope)
        case .leaseLost(var place, let scope, let held):
            place.line = 0
            return .leaseLost(place: place, scope: scope, held: held)
        case .leaseRecovered(var place, let after):
            place.line = 0
            return .leaseRecovered(place: place, after: after)
        case .leakSuspected(var place, let scope, let held):
            place.line = 0
            return .leakSuspected(place: place, scope: scope, held: held)
        case .leakWithdrawn(var place, let after):
            place.line = 0
            return .leakWithdrawn(place: place, after: after)
        case .scopeClosing, .closingHurried, .scopeClosed, .initialising, .ready, .initialisationFailed, .dependencyAdded, .disposing,
            .disposed,
            .disposeThrew,
            .abandoned, .completedLate, .noted, .errorReported, .leaseSlow, .leaseTimedOut, .leaseExhausted, .leaseReentrant,
            .healthChanged,
            .fellBack, .faultInjected, .droppedOpen:
            return self
        }
    }
}

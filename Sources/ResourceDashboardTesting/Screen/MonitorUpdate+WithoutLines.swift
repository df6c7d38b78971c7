import ResourceContainer
import ResourceMonitoring

extension MonitorUpdate {
    /// The update with line 0 in every source location: `Shop.swift:0`. Texts of the application, including error texts, are not changed.
    var withoutLines: MonitorUpdate {
        var update = self
        for index in update.bindings.indices { update.bindings[index].binding.location.line = 0 }
        for index in update.scopes.indices { update.scopes[index].scope.location.line = 0 }
        for index in update.pools.indices {
            for holder in update.pools[index].holders.indices { update.pools[index].holders[holder].location.line = 0 }
            for waiter in update.pools[index].waiters.indices { update.pools[index].waiters[waiter].location.line = 0 }
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
        finding.location?.line = 0
        // The monitor writes source locations into the evidence.
        finding.evidence = finding.evidence.replacing(/\.swift:[0-9]+/, with: ".swift:0")
        return finding
    }
}

extension ResourceEvent.Kind {
    fileprivate var withoutLines: ResourceEvent.Kind {
        switch self {
        case .bound(var binding):
            binding.location.line = 0
            return .bound(binding)
        case .rebound(var binding):
            binding.location.line = 0
            return .rebound(binding)
        case .scopeOpened(var scope):
            scope.location.line = 0
            return .scopeOpened(scope)
        case .leaseLost(var location, let scope, let held):
            location.line = 0
            return .leaseLost(location: location, scope: scope, held: held)
        case .leaseRecovered(var location, let after):
            location.line = 0
            return .leaseRecovered(location: location, after: after)
        case .leakSuspected(var location, let scope, let held):
            location.line = 0
            return .leakSuspected(location: location, scope: scope, held: held)
        case .leakWithdrawn(var location, let after):
            location.line = 0
            return .leakWithdrawn(location: location, after: after)
        case .scopeClosing, .closeExpedited, .scopeClosed, .initializing, .ready, .initializationFailed, .dependencyAdded, .disposing,
            .disposed,
            .disposeThrew,
            .abandoned, .completedLate, .noted, .errorReported, .leaseSlow, .leaseTimedOut, .leaseExhausted, .leaseReentrant,
            .healthChanged,
            .fellBack, .faultInjected, .droppedOpen:
            return self
        }
    }
}

import ResourceContainer
import ResourceMonitoring

/// Jumps from the selected row to its subject.
extension DashboardState {
    /// Handles Enter: opens the subject of the selected row.
    mutating func openSelected() -> [Effect] {
        let context = self.context
        return self.go(to: self.screens.update(self.view) { $0.open(context) })
    }

    /// Goes to a destination: shows the view that has it, with its row selected. Only an item that has ended and an attached process need
    /// effects.
    @discardableResult
    mutating func go(to destination: Destination) -> [Effect] {
        switch destination {
        case .here: self.refreshRows()
        case .nowhere(let reason): self.say(reason, .warn)
        case .view(let view): self.show(view)
        case .instant(let instant): self.goTo(instant)
        case .process(let process, let view): return self.show(process: process, view)
        case .scope, .resource, .member, .pool, .finding, .event, .binding:
            guard let view = self.select(destination) else {
                self.say("it is no longer there", .warn)
                return []
            }
            self.show(view)
            self.refreshRows()
        case .ended(let name): return self.go(toEnded: name)
        }
        return []
    }

    /// Goes to an item that has ended, at the last moment at which it existed. If that moment is no longer stored, nothing changes.
    private mutating func go(toEnded name: FoundName) -> [Effect] {
        var past = self
        if case .done(let effects) = past.go(to: name), !effects.isEmpty || past.picture.has(name.destination) {
            self = past
            return effects
        }
        self.say("\(name.name) no longer exists", .warn)
        return []
    }

    /// Selects the row of a destination without showing it, and returns the view that has it; nil if none has.
    @discardableResult
    mutating func select(_ destination: Destination) -> DashboardView? {
        let context = self.context
        for view in self.screens.views where self.screens.update(view, { $0.reveal(destination, context) }) { return view }
        return nil
    }

    /// Shows the explained finding about the selected item.
    mutating func explain() {
        let subject = self.subject
        if let finding = subject.finding {
            self.go(to: .finding(finding.id))
            return
        }
        let binding = subject.resource.flatMap { self.picture.resources[$0]?.resource.binding }
        let finding = self.picture.findings.first { finding in
            finding.subjects.contains { candidate in
                candidate.resource.map { $0 == subject.resource } ?? candidate.binding.map { $0 == binding }
                    ?? (candidate.scope == subject.scope)
            }
        }
        guard let finding else {
            return self.say("no finding about the selected item; \(self.keys.key(.findings)) shows all findings", .warn)
        }
        self.go(to: .finding(finding.id))
    }
}

extension Picture {
    /// Whether a resource or scope is live or ended within the retention time. Other items always are.
    fileprivate func has(_ item: Destination) -> Bool {
        switch item {
        case .resource(let id): self.row(of: id) != nil
        case .scope(let id): self.scopeRow(of: id) != nil
        default: true
        }
    }
}

import ResourceContainer
import ResourceMonitoring

/// Jumps from the selected row to its subject.
extension DashboardState {
    /// Handles Enter: opens the subject of the selected row.
    mutating func openSelected() {
        let context = self.context
        self.go(to: self.screens.update(self.view) { $0.open(context) })
    }

    /// Goes to a destination: shows the view that has it, with its row selected.
    mutating func go(to destination: Destination) {
        switch destination {
        case .here: self.refreshRows()
        case .nowhere(let reason): self.say(reason, .warn)
        case .view(let view): self.show(view)
        case .instant(let instant): self.goTo(instant)
        case .scope, .resource, .member, .pool, .finding, .event, .binding:
            guard let view = self.select(destination) else { return self.say("it is no longer there", .warn) }
            self.show(view)
            self.refreshRows()
        }
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
        if let finding = subject.finding { return self.go(to: .finding(finding.id)) }
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

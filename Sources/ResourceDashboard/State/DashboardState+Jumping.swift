import ResourceContainer
import ResourceMonitoring

/// Jumps from the selected row to its subject.
extension DashboardState {
    /// Handles Enter: opens the subject of the selected row.
    mutating func openSelected() {
        switch self.view {
        case .overview where self.isFocused("Needs attention"):
            guard let finding = self.picture.findings.first(where: { $0.id == self.findingCursor.selected }) else {
                return self.show(.findings)
            }
            self.jump(to: finding)
        case .overview: self.show(self.isFocused("Events") ? .events : .scopes)
        case .scopes:
            switch self.treeCursor.selected {
            case .resource(let id):
                self.resourceCursor.selected = id
                self.show(.resources)
            case .scope(let id): self.toggleFold(id)
            case nil: break
            }
        case .resources:
            guard self.detail == nil else {
                if let scope = self.selectedScope { self.show(scope: scope, resource: self.resourceCursor.selected) }
                return
            }
            self.detail = self.resourceCursor.selected ?? self.resourceRows.first
            self.resourceCursor.selected = self.detail
            if self.detail == nil { self.say("no resource to open", .warn) }
        case .pools, .health, .graph:
            if !self.show(resource: self.actionResource) { self.say("select a row first", .warn) }
        case .events where self.groupsErrors:
            guard let group = self.selectedErrorGroup else { return self.say("there is no error", .warn) }
            self.groupsErrors = false
            self.refreshRows()
            self.selectedEvent = group.last
        case .events:
            self.jump(to: self.selectedEvent?.resource, self.selectedEvent?.scopeID, "the subject of this event is gone")
        case .findings:
            if let finding = self.selectedFinding { self.jump(to: finding) } else { self.say("there is no finding", .warn) }
        }
    }

    private mutating func jump(to finding: Finding) {
        self.jump(to: finding.subject.resource, finding.subject.scope, "the subject of this finding is gone, or is not a single item")
    }

    /// Shows a resource in its table, or else its scope.
    private mutating func jump(to resource: ResourceID?, _ scope: ScopeID?, _ otherwise: String) {
        if self.show(resource: resource) { return }
        guard let scope, self.picture.scopes[scope] != nil else { return self.say(otherwise, .warn) }
        self.show(scope: scope, resource: nil)
    }

    private mutating func show(resource: ResourceID?) -> Bool {
        guard let resource, self.picture.resources[resource] != nil else { return false }
        self.resourceCursor.selected = resource
        self.show(.resources)
        return true
    }

    mutating func show(scope: ScopeID, resource: ResourceID?) {
        self.treeCursor.selected = resource.map { .resource($0) } ?? .scope(scope)
        self.unfold(above: scope)
        self.show(.scopes)
    }

    /// The selected group of errors, or else the first.
    var selectedErrorGroup: ErrorGroup? {
        self.errorRows.first { $0.id == self.errorCursor.selected } ?? self.errorRows.first
    }

    /// Shows the explained finding about the selected item.
    mutating func explain() {
        if self.view == .overview, self.isFocused("Needs attention") {
            self.show(.findings)
            return self.focus[.findings] = 1
        }
        let (resource, scope) = (self.actionResource, self.selectedScope)
        let binding = resource.flatMap { self.picture.resources[$0]?.resource.binding }
        let finding = self.picture.findings.first { finding in
            finding.subjects.contains { subject in
                subject.resource.map { $0 == resource } ?? subject.binding.map { $0 == binding } ?? (subject.scope == scope)
            }
        }
        if let finding { self.findingCursor.selected = finding.id }
        if finding == nil, self.view != .overview, self.view != .findings {
            return self.say("no finding about the selected item; 7 shows all findings", .warn)
        }
        self.show(.findings)
        self.focus[.findings] = 1
    }

    private mutating func unfold(above scope: ScopeID) {
        var next: ScopeID? = scope
        while let id = next {
            self.folded.remove(id)
            next = self.picture.scopes[id]?.scope.parent
        }
    }
}

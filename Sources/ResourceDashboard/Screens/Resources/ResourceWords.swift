import ResourceContainer
import ResourceMonitoring

extension ResourceRow {
    /// The state as shown on the screen.
    var stateLabel: String {
        self.disposeThrew && self.resource.state == .disposed ? "threw" : self.resource.state.label
    }
}

extension ResourceState {
    /// The state as shown on the screen.
    var label: String {
        switch self {
        case .initializing: "init"
        case .ready: "ready"
        case .disposing: "disposing"
        case .disposed: "disposed"
        case .initFailed: "failed"
        case .abandoned: "abandoned"
        }
    }
}

extension Picture {
    /// Returns the labels of resources, separated by commas; a dash if there are none. One that ended is marked so. A long list is cut, and
    /// its end states how many it leaves out.
    func labels(of ids: [ResourceID], _ glyphs: GlyphSet) -> String {
        guard !ids.isEmpty else { return glyphs[.dash] }
        let limit = 40
        let names = ids.prefix(limit).map { id in
            self.resources[id] == nil ? "\(self.label(of: id, binding: self.row(of: id)?.resource.binding)) (ended)" : self.label(of: id)
        }
        return names.joined(separator: ", ") + (ids.count > limit ? " and \(Format.count(ids.count - limit)) more" : "")
    }
}

extension Filter {
    /// Whether a resource passes.
    func passes(_ row: ResourceRow, _ picture: Picture) -> Bool {
        let binding = picture.bindings[row.resource.binding]?.binding
        let (type, scope) = (picture.typeLabel(row), picture.scopeName(row.resource.scope))
        return self.passes(text: "\(type)\(row.resource.id) \(scope) \(row.stateLabel) \(row.lastError ?? "")") { field in
            switch field {
            case .type: .texts([type, binding?.type ?? type])
            case .scope: .texts([scope])
            case .state: .texts([row.stateLabel, row.resource.state.label, row.resource.state.rawValue])
            case .life: .number(picture.life(of: row).inSeconds)
            case .err: .number(Double(row.errors))
            case .health:
                .texts(
                    [picture.standing(of: row.resource.id)?.rawValue, picture.healthStatus(of: row.resource.id)?.rawValue].compactMap { $0 }
                )
            case .tag: .texts((binding?.tags ?? [:]).flatMap { ["\($0.key)=\($0.value)", $0.key] })
            case .name: .texts([binding?.name ?? type])
            case .id: .texts(["\(row.resource.id.rawValue)", "\(row.resource.id)"])
            case .uses: .number(Double(row.resource.uses))
            case .level, .what, .outcome: nil
            }
        }
    }
}

import ResourceContainer

extension ScreenContext {
    /// Returns where the subject of an event or a finding is shown: the resource, or else the scope; nil if neither is in the picture.
    ///
    /// Ended items count only while they are shown.
    func destination(resource: ResourceID?, scope: ScopeID?) -> Destination? {
        if let resource, self.picture.resources[resource] != nil || (self.showsEnded && self.picture.row(of: resource) != nil) {
            return .resource(resource)
        }
        guard let scope else { return nil }
        let closed = self.showsEnded ? self.picture.closedScopes.suffix(ScopeRows.closedLimit) : []
        return self.picture.scopes[scope] != nil || closed.contains { $0.scope.id == scope } ? .scope(scope) : nil
    }
}

extension Destination {
    /// The kind of item in words; nil if the destination is none of the items that events and findings are about.
    var noun: String? {
        switch self {
        case .resource: "resource"
        case .scope: "scope"
        case .binding: "binding"
        default: nil
        }
    }
}

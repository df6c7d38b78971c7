/// What can be chosen about a scenario, where it lets one choose; nil is as the scenario means it.
public struct ScenarioOptions: Sendable, Hashable {
    /// Events a second.
    public var rate: Int?
    /// Resources that are there all the time.
    public var resources: Int?
    /// The URL of a real service to use in the live form, instead of one that the scenario serves on loopback. It may hold a password: it is
    /// not to be shown.
    public var service: String?

    public init(rate: Int? = nil, resources: Int? = nil, service: String? = nil) {
        self.rate = rate
        self.resources = resources
        self.service = service
    }
}

extension ScenarioOptions: CustomStringConvertible, CustomReflectable {
    /// Without the service, whose URL may hold a password.
    public var description: String {
        "rate \(self.rate.map(String.init) ?? "-"), resources \(self.resources.map(String.init) ?? "-"), service \(self.service == nil ? "-" : "***")"
    }

    public var customMirror: Mirror {
        Mirror(self, children: [])
    }
}

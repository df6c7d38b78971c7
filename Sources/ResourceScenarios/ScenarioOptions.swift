/// The options of a scenario. Nil is the scenario's default; a scenario ignores options that it does not support.
public struct ScenarioOptions: Sendable, Hashable {
    /// Events per second.
    public var rate: Int?
    /// The number of resources that exist all the time.
    public var resources: Int?
    /// The URL of a real service for the live form, in place of a server that the scenario runs on loopback. It may contain a password and
    /// must not be shown.
    public var service: String?

    /// Creates options.
    public init(rate: Int? = nil, resources: Int? = nil, service: String? = nil) {
        self.rate = rate
        self.resources = resources
        self.service = service
    }
}

extension ScenarioOptions: CustomStringConvertible, CustomReflectable {
    /// The options with the service redacted, because its URL may contain a password.
    public var description: String {
        "rate \(self.rate.map(String.init) ?? "-"), resources \(self.resources.map(String.init) ?? "-"), service \(self.service == nil ? "-" : "***")"
    }

    /// An empty mirror, so that no reflection shows the service.
    public var customMirror: Mirror {
        Mirror(self, children: [])
    }
}

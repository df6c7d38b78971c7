import ResourceContainer

/// A live resource as its health is judged.
struct HealthSubject: Sendable {
    var id: ResourceID
    /// `DatabasePool#1`.
    var label: String
    var binding: BindingID
    var isCritical: Bool
    /// Whether it is ready: nothing else is asked.
    var isReady: Bool
    /// Whether it has anything to be asked.
    var hasProbe: Bool
    /// The label of the binding that it stands in for, if it does.
    var standsInFor: String?
    /// How often it is asked. What it said counts for three times as long.
    var interval: Duration

    /// How many intervals an answer counts for.
    static let intervalsUntilStale: Int64 = 3
}

extension HealthSubject {
    init(_ resource: LiveResource, hasProbe: Bool, interval: Duration) {
        self.init(
            id: resource.id,
            label: "\(resource.label)\(resource.id)",
            binding: resource.binding,
            isCritical: resource.options.critical,
            isReady: resource.state == .ready,
            hasProbe: hasProbe,
            standsInFor: resource.standsInFor,
            interval: resource.options.healthInterval ?? interval
        )
    }
}

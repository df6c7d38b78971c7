import ResourceContainer

/// The properties of an active resource that its health depends on.
struct HealthSubject: Sendable {
    var id: ResourceID
    /// The label for users, such as `DatabasePool#1`.
    var label: String
    var binding: BindingID
    var isCritical: Bool
    /// Whether it is ready. Only ready resources are checked.
    var isReady: Bool
    /// Whether it has a health check.
    var hasProbe: Bool
    /// The label of the binding for which it is the fallback, if any.
    var fallbackFor: String?
    /// The time between checks. An answer is valid for three intervals.
    var interval: Duration

    /// The number of intervals for which an answer is valid.
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
            fallbackFor: resource.fallbackFor,
            interval: resource.options.healthInterval ?? interval
        )
    }
}

import ResourceContainer

/// The outcome of one request: an error, or what the command returned.
public struct AttachAnswer: Sendable, Hashable, Codable {
    /// The number of the request; 0 if the request had no readable number.
    public var id: Int
    /// The error for the user; nil if the command succeeded.
    public var error: String?
    /// The scope that was opened.
    public var scope: ScopeID?
    /// The instance that was resolved.
    public var resource: ResourceID?
    /// The outcome of a close.
    public var report: DisposeReport?
    /// The number of resources whose health was checked.
    public var count: Int?
    /// The messages of commands on leases.
    public var texts: [String]?

    /// Creates an answer.
    public init(
        id: Int,
        error: String? = nil,
        scope: ScopeID? = nil,
        resource: ResourceID? = nil,
        report: DisposeReport? = nil,
        count: Int? = nil,
        texts: [String]? = nil
    ) {
        self.id = id
        self.error = error
        self.scope = scope
        self.resource = resource
        self.report = report
        self.count = count
        self.texts = texts
    }
}

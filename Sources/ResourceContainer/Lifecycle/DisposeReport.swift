/// The outcome of closing a scope, for every resource that it and its nested scopes owned.
public struct DisposeReport: Sendable, Hashable, Codable {
    /// The outcome for one resource.
    public enum Outcome: String, Sendable, Codable {
        /// Its dispose step returned.
        case disposed
        /// Its dispose step threw an error.
        case threw
        /// Its initialize or dispose step did not return within its budget.
        case abandoned
        /// It never became ready, so it was not disposed.
        case neverInitialized
    }

    /// The outcome for one resource, with details.
    public struct Entry: Sendable, Hashable, Codable {
        /// The position in the order of disposal within its scope, from 1.
        public var order: Int
        /// The identity of the resource.
        public var resource: ResourceID
        /// The label of the resource's binding.
        public var label: String
        /// The outcome.
        public var outcome: Outcome
        /// The duration of the dispose step. Encoded in nanoseconds.
        @InNanoseconds public var took: Duration
        /// The error text if the outcome is not clean.
        public var error: String?
        /// The holders that had not released a pool item when the pool was closed.
        public var unreturned: [PoolSample.Holder]

        /// Creates an entry.
        public init(
            order: Int,
            resource: ResourceID,
            label: String,
            outcome: Outcome,
            took: Duration,
            error: String? = nil,
            unreturned: [PoolSample.Holder] = []
        ) {
            self.order = order
            self.resource = resource
            self.label = label
            self.outcome = outcome
            self.took = took
            self.error = error
            self.unreturned = unreturned
        }
    }

    /// The identity of the scope.
    public var scope: ScopeID
    /// The name of the scope.
    public var name: String
    /// The reports of the nested scopes that this close closed, in the order of closing.
    public var children: [DisposeReport]
    /// The outcomes of the scope's own resources, in the order of disposal.
    public var entries: [Entry]
    /// The duration of the close, including nested scopes. Encoded in nanoseconds.
    @InNanoseconds public var took: Duration

    /// Creates a report.
    public init(scope: ScopeID, name: String, children: [DisposeReport] = [], entries: [Entry] = [], took: Duration = .zero) {
        self.scope = scope
        self.name = name
        self.children = children
        self.entries = entries
        self.took = took
    }

    /// Whether no resource, including those of nested scopes, threw or was abandoned.
    public var isClean: Bool {
        self.count(.threw) == 0 && self.count(.abandoned) == 0
    }

    /// The number of resources with this outcome, including those of nested scopes. O(entries).
    public func count(_ outcome: Outcome) -> Int {
        var number = 0
        self.visit { report in number += report.entries.count { $0.outcome == outcome } }
        return number
    }

    /// All entries in the order of disposal, those of nested scopes first. O(entries).
    public var allEntries: [Entry] {
        var entries: [Entry] = []
        self.visit { report in entries += report.entries }
        return entries
    }

    /// Calls `body` with every report, nested reports first. The traversal uses an explicit stack, because scopes may be nested more deeply
    /// than the stack of a small thread allows.
    private func visit(_ body: (DisposeReport) -> Void) {
        var open: [(report: DisposeReport, next: Int)] = [(self, 0)]
        while let (report, next) = open.last {
            if report.children.indices.contains(next) {
                open[open.count - 1].next += 1
                open.append((report.children[next], 0))
            } else {
                body(report)
                open.removeLast()
            }
        }
    }
}

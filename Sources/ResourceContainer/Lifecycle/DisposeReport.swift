/// What became of everything a scope owned when it was closed, nested scopes included.
public struct DisposeReport: Sendable, Hashable, Codable {
    /// What became of one resource.
    public enum Outcome: String, Sendable, Codable {
        /// Its dispose came back.
        case disposed
        /// Its dispose threw.
        case threw
        /// Its initialise or dispose did not come back within its budget.
        case abandoned
        /// It never became ready, so there was nothing to dispose.
        case neverInitialised
    }

    /// One resource.
    public struct Entry: Sendable, Hashable, Codable {
        /// Its place in the order of disposal, from 1, within its scope.
        public var order: Int
        /// Its identity.
        public var resource: ResourceID
        /// The label of its binding.
        public var label: String
        /// What became of it.
        public var outcome: Outcome
        /// How long its dispose took.
        @InNanoseconds public var took: Duration
        /// What its dispose threw, as text.
        public var error: String?
        /// Who held something of it that was not given back.
        public var unreturned: [PoolSample.Holder]

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

    /// The scope's identity.
    public var scope: ScopeID
    /// The scope's name.
    public var name: String
    /// The reports of the scopes inside it that it closed, in the order they were closed.
    public var children: [DisposeReport]
    /// What became of its resources, in the order of disposal.
    public var entries: [Entry]
    /// How long closing took, nested scopes included.
    @InNanoseconds public var took: Duration

    public init(scope: ScopeID, name: String, children: [DisposeReport] = [], entries: [Entry] = [], took: Duration = .zero) {
        self.scope = scope
        self.name = name
        self.children = children
        self.entries = entries
        self.took = took
    }

    /// Whether every resource here and below was disposed without an error.
    public var isClean: Bool {
        self.count(.threw) == 0 && self.count(.abandoned) == 0
    }

    /// How many resources, nested scopes included, had this outcome.
    public func count(_ outcome: Outcome) -> Int {
        var number = 0
        self.visit { report in number += report.entries.count { $0.outcome == outcome } }
        return number
    }

    /// All entries in the order they were disposed: nested scopes first.
    public var allEntries: [Entry] {
        var entries: [Entry] = []
        self.visit { report in entries += report.entries }
        return entries
    }

    /// Shows every report from the innermost to this one to `body`. On a stack of its own: scopes may be nested more deeply than a small
    /// thread's stack is deep.
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

import ResourceContainer

/// The thresholds for findings, and the findings to suppress.
///
/// Every kind except ``Finding/Kind/booksUnbalanced`` can be suppressed, for all subjects or for some. Count thresholds below 1 count as 1.
/// Durations are encoded as whole nanoseconds.
public struct FindingRules: Sendable, Hashable, Codable {
    /// A suppressed kind of finding.
    public struct Allowance: Sendable, Hashable, Codable {
        /// The suppressed kind.
        public var kind: Finding.Kind
        /// A label pattern for the suppressed subjects, in which `*` matches any characters; nil suppresses all subjects.
        public var subject: String?
    }

    /// The shortest duration of a slow initialize, finished or running. Default: 1 s.
    @InNanoseconds public var slowInitialize: Duration = .seconds(1)
    /// The shortest duration of a slow dispose, finished or running. Default: 1 s.
    @InNanoseconds public var slowDispose: Duration = .seconds(1)
    /// An occasional finding, such as `pool-exhausted`, is withdrawn after this time without another occurrence. Default: 60 s.
    @InNanoseconds public var quietAfter: Duration = .seconds(60)
    /// A pool is starved if the first waiter in its queue waits this long. Default: 5 s.
    @InNanoseconds public var starvedAfter: Duration = .seconds(5)
    /// A binding is failing after this number of failed initializations in a row. Default: 3.
    public var failuresInARow = 3
    /// The creation rate of a binding that is a storm, in instances per second over 10 seconds. A storm ends at half the rate. Default: 50.
    public var stormRate = 50
    /// A ready instance is unused if no caller resolves it and no instance depends on it for this time. Default: 5 min.
    @InNanoseconds public var unusedAfter: Duration = .seconds(300)
    /// The number of errors within 10 seconds that is a burst. A burst ends at half the number. Default: 10.
    public var errorBurst = 10
    /// The number of health changes of a resource within 60 seconds that is flapping. Flapping ends after 60 seconds without a change.
    /// Default: 4.
    public var flapChanges = 4
    /// A scope is open for too long after this multiple of the usual open time. Default: 3.
    ///
    /// The usual open time is the 99th percentile of the closed scopes with the same tag. A scope must also be open for at least
    /// ``scopeAtLeast``, and ``scopeHistory`` scopes with its tag must have closed. If the factor is NaN, no scope is open for too long.
    public var scopeFactor = 3.0
    /// The shortest open time that can be too long. Default: 30 s.
    @InNanoseconds public var scopeAtLeast: Duration = .seconds(30)
    /// The number of closed scopes with the same tag needed to judge the open time of a scope. Default: 20.
    public var scopeHistory = 20
    /// The number of active instances of one transient binding in one scope that is a pile-up. Default: 1,000.
    public var transients = 1000
    /// The suppressed findings.
    public private(set) var allowed: [Allowance] = []

    /// The names in recordings, as version 1.0 of the format wrote them.
    private enum CodingKeys: String, CodingKey {
        case slowInitialize = "slowInitialise"
        case slowDispose, quietAfter, starvedAfter, failuresInARow, stormRate, unusedAfter, errorBurst, flapChanges, scopeFactor
        case scopeAtLeast, scopeHistory, transients, allowed
    }

    /// Creates rules with the default thresholds that suppress nothing.
    public init() {}

    /// Suppresses findings of a kind.
    ///
    /// - Parameters:
    ///   - kind: The kind to suppress.
    ///   - subject: A pattern for the labels of the subjects to suppress, in which `*` matches any characters, such as `Cache*`; nil
    ///     suppresses all subjects.
    /// - Throws: ``FindingRulesError`` for ``Finding/Kind/booksUnbalanced``.
    public mutating func allow(_ kind: Finding.Kind, of subject: String? = nil) throws(FindingRulesError) {
        guard kind != .booksUnbalanced else {
            throw FindingRulesError("\(kind.rawValue) cannot be allowed: unbalanced books are always reported")
        }
        let allowance = Allowance(kind: kind, subject: subject)
        if !self.allowed.contains(allowance) { self.allowed.append(allowance) }
    }

    /// Suppresses findings by name: a kind, such as `never-used`, or a kind and a subject pattern, such as `never-used:Cache*`.
    ///
    /// - Throws: ``FindingRulesError`` if the name is not a kind, the pattern is empty, or the kind is `books-unbalanced`. The error for an
    ///   unknown name lists the valid names.
    public mutating func allow(named name: String) throws(FindingRulesError) {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = Finding.Kind(anySpelling: String(parts[0])) else {
            let names = Finding.Kind.allCases.filter { $0 != .booksUnbalanced }.map(\.rawValue).joined(separator: ", ")
            throw FindingRulesError(
                "unknown finding \"\(parts[0])\": expected one of \(names), alone or with a subject, as in never-used:Cache*"
            )
        }
        guard parts.count == 1 || !parts[1].isEmpty else {
            throw FindingRulesError("\"\(name)\" names no subject; write \(kind.rawValue) for all, or \(kind.rawValue):Cache* for some")
        }
        try self.allow(kind, of: parts.count == 2 ? String(parts[1]) : nil)
    }

    /// Returns whether findings of `kind` about the subject `label` are suppressed.
    ///
    /// - Complexity: O(number of ``allowed`` entries), times the cost of matching a pattern.
    public func allows(_ kind: Finding.Kind, of label: String) -> Bool {
        self.allowed.contains { $0.kind == kind && ($0.subject.map { label.matches(glob: $0) } ?? true) }
    }
}

/// The effective thresholds, limited to valid values.
extension FindingRules {
    /// The number of instances of a binding within `seconds` that is a storm.
    func storm(within seconds: Int64) -> Int {
        max(1, self.stormRate).multipliedSaturated(by: Int(clamping: seconds))
    }

    /// The longest open time of a scope if scopes with its tag usually close within `usual`; nil for no limit.
    func longestScope(usual: Duration) -> Duration? {
        let limit = Double(usual.wholeNanoseconds) * self.scopeFactor
        // Also NaN: a usual time of zero multiplied by an infinite factor.
        return limit.isNaN ? nil : max(.nanoseconds(Int64(saturating: limit)), self.scopeAtLeast)
    }
}

/// An error that explains why a finding cannot be suppressed.
public struct FindingRulesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The explanation.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

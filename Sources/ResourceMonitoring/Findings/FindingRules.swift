import ResourceContainer

/// When something is worth a finding. Every threshold can be set; every kind but one can be allowed, everywhere or for some subjects.
public struct FindingRules: Sendable, Hashable, Codable {
    /// What is not to be found.
    public struct Allowance: Sendable, Hashable, Codable {
        /// The kind that is allowed.
        public var kind: Finding.Kind
        /// The subjects it is allowed for: a label, in which `*` stands for anything; nil for all.
        public var subject: String?
    }

    /// An initialise or a dispose that takes this long, or runs for this long, is slow. 1 s.
    @InNanoseconds public var slowInitialise: Duration = .seconds(1)
    @InNanoseconds public var slowDispose: Duration = .seconds(1)
    /// A finding of something that happens now and then is withdrawn when it has not happened for this long. 60 s.
    @InNanoseconds public var quietAfter: Duration = .seconds(60)
    /// A pool is starved when the first in its queue has waited for this long. 5 s.
    @InNanoseconds public var starvedAfter: Duration = .seconds(5)
    /// So many initialisations of a binding that fail in a row are a finding. 3. Of this and the other numbers, what is less than 1 counts
    /// as 1: nothing is found where nothing happens.
    public var failuresInARow = 3
    /// So many instances of one binding a second, over ten seconds, are a storm; half of it ends the storm. 50.
    public var stormRate = 50
    /// An instance that is ready for this long, and was neither asked for nor made into another one, is unused. 5 min.
    @InNanoseconds public var unusedAfter: Duration = .seconds(300)
    /// So many errors within ten seconds are a burst; half as many end it. 10.
    public var errorBurst = 10
    /// So many changes of health of one resource within sixty seconds are flapping; the window empty of them ends it. 4.
    public var flapChanges = 4
    /// A scope is open for unusually long when it is open for `scopeFactor` times the 99th percentile of the closed ones of its tag, and for
    /// `scopeAtLeast`, and `scopeHistory` of them were closed. 3 times, 30 s, 20. A factor that is no number finds none.
    public var scopeFactor = 3.0
    @InNanoseconds public var scopeAtLeast: Duration = .seconds(30)
    public var scopeHistory = 20
    /// So many live instances of one transient binding in one scope pile up. 1000.
    public var transients = 1000
    /// What is not to be found.
    public private(set) var allowed: [Allowance] = []

    /// The thresholds named above, and nothing allowed.
    public init() {}

    /// From here on, findings of this kind are not raised, or not about subjects whose label matches `subject`, in which `*` stands for
    /// anything, as in `Cache*`. Throws for ``Finding/Kind/booksUnbalanced``, which is never hidden.
    public mutating func allow(_ kind: Finding.Kind, of subject: String? = nil) throws(FindingRulesError) {
        guard kind != .booksUnbalanced else {
            throw FindingRulesError("\(kind.rawValue) cannot be allowed: books that do not balance are never hidden")
        }
        let allowance = Allowance(kind: kind, subject: subject)
        if !self.allowed.contains(allowance) { self.allowed.append(allowance) }
    }

    /// The same by name: `never-used`, or `never-used:Cache*`. Throws for a name that no kind has, and says which there are.
    public mutating func allow(named name: String) throws(FindingRulesError) {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = Finding.Kind(rawValue: String(parts[0])) else {
            let names = Finding.Kind.allCases.filter { $0 != .booksUnbalanced }.map(\.rawValue).joined(separator: ", ")
            throw FindingRulesError(
                "there is no finding \"\(parts[0])\"; what can be allowed is \(names), each alone or with a subject: never-used:Cache*"
            )
        }
        guard parts.count == 1 || !parts[1].isEmpty else {
            throw FindingRulesError("\"\(name)\" names no subject; write \(kind.rawValue) for all, or \(kind.rawValue):Cache* for some")
        }
        try self.allow(kind, of: parts.count == 2 ? String(parts[1]) : nil)
    }

    /// Whether a finding of this kind about this subject is not to be raised. O(allowances).
    public func allows(_ kind: Finding.Kind, of label: String) -> Bool {
        self.allowed.contains { $0.kind == kind && ($0.subject.map { label.matches(glob: $0) } ?? true) }
    }
}

/// The thresholds as they are judged by, whatever was written into them: nothing here is out of range.
extension FindingRules {
    /// How many instances of a binding within a number of seconds are a storm.
    func storm(within seconds: Int64) -> Int {
        max(1, self.stormRate).multipliedSaturated(by: Int(clamping: seconds))
    }

    /// For how long a scope may be open whose like were closed within `usual`; nil if no time is too long.
    func longestScope(usual: Duration) -> Duration? {
        let limit = Double(usual.wholeNanoseconds) * self.scopeFactor
        // Zero times infinity is no number either: what closes at once has no limit to multiply.
        return limit.isNaN ? nil : max(.nanoseconds(Int64(saturating: limit)), self.scopeAtLeast)
    }
}

/// What cannot be allowed, and why.
public struct FindingRulesError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension String {
    /// Whether the whole string matches a pattern in which `*` stands for any number of characters. O(length of both, multiplied).
    func matches(glob pattern: String) -> Bool {
        let (text, pattern) = (Array(self.unicodeScalars), Array(pattern.unicodeScalars))
        var (position, place) = (0, 0)
        var star: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, position)
                place += 1
            } else if place < pattern.count, pattern[place] == text[position] {
                (position, place) = (position + 1, place + 1)
            } else if let last = star {
                // Back to the last star, which takes one character more.
                star = (last.place, last.position + 1)
                (place, position) = (last.place + 1, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}

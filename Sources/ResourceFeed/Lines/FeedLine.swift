import ResourceContainer

/// One line of a feed: what it states, with the time that it states.
///
/// A line is parsed without knowledge of the lines before it. Its names are not resolved, and its figures are in range, but may contradict the
/// lines before it.
package struct FeedLine: Sendable, Hashable {
    /// The meaning of a line.
    package enum Kind: Sendable, Hashable {
        /// The first line of a feed.
        indirect case header(FeedHeader)
        /// The lifetime and the source location of a type.
        case bind(type: String, lifetime: Lifetime?, location: CodeLocation?)
        /// A scope opened.
        case open(String, in: String?, tag: String?, location: CodeLocation?)
        /// A scope begins to close.
        case closing(String)
        /// A scope closed.
        case close(String, ScopeOutcome?)
        /// The creation of an instance started.
        case make(type: String, id: String, in: String?, needs: [String])
        /// An instance is ready for use.
        case ready(String, took: Duration?, needs: [String])
        /// The creation of an instance failed.
        case failed(String, text: String, took: Duration?)
        /// An instance reported an error.
        case error(String, text: String)
        /// The dispose of an instance started.
        case disposing(String)
        /// The dispose of an instance finished, with the text of the error that it threw.
        case disposed(String, took: Duration?, threw: String?)
        /// The program no longer waits for a step of an instance, or drops it without a dispose.
        case abandoned(String, budget: Duration?)
        /// The result of a health check.
        case health(String, HealthStatus, text: String?, took: Duration?)
        /// The number of uses of an instance so far; nil for one more.
        case use(String, times: Int?)
        /// The state of a pool.
        case pool(FeedPool)
        /// A text for the event log, about a scope or the container.
        case note(String, in: String?)
        /// How many instances of a type have ended before the feed began.
        case past(type: String, FeedPast)
        /// How many scopes have closed before the feed began.
        case closed(Int, ScopeOutcomeCounts)
        /// Lines were dropped. The lines up to ``live`` describe what exists.
        case missed(UInt64)
        /// The lines before described what exists; the lines after it report what happens.
        case live
        /// A sign of life.
        case beat
        /// The outcome of a request of a client.
        case answer(Int, refused: String?)
        /// The program ends the feed.
        case end(String?)
        /// An object of a kind that this version does not know.
        case unknown
        /// A line that is no JSON object: output of the program.
        case output(String)
        /// A line of a known kind that cannot be used, for this reason.
        case fault(String)
    }

    /// The meaning.
    package var kind: Kind
    /// The time of the program's clock, in seconds; nil if the line has none.
    package var at: Double?

    /// Creates a line.
    package init(_ kind: Kind, at: Double? = nil) {
        self.kind = kind
        self.at = at
    }
}

/// The limits of a feed. A line beyond a limit is a fault, and is not used.
package enum FeedLimits {
    /// The longest line that is used, in bytes.
    package static let line = 64 << 10
    /// The longest name, in bytes.
    package static let name = 1_000
    /// The largest number of instances that are alive, and of open scopes.
    package static let alive = 1_000_000
    /// The largest number of types.
    package static let types = 4_096
    /// The largest number of instances that one instance needs.
    package static let needs = 1_000
    /// The largest count, as in recordings.
    package static let count = 1_000_000_000_000_000
    /// The largest number of closed scopes that a line states. Those that close later count in addition.
    package static let closed = 1_000_000_000_000
    /// The longest duration, in seconds: one year.
    package static let seconds = 366.0 * 86_400
    /// The largest number of missed lines that one line states.
    package static let missed = 1_000_000_000_000
}

/// The state of a pool, as a line of a feed states it.
package struct FeedPool: Sendable, Hashable {
    /// The name of the pool: that of its instance.
    package var name: String
    /// The largest number of items; nil if it is unchanged.
    package var maximum: Int?
    /// The number of leased items.
    package var used = 0
    /// The number of idle items.
    package var idle = 0
    /// The number of waiters.
    package var waiting = 0
    /// The number of items that were created; nil if the program does not count them.
    package var created: Int?
    /// The number of leases granted; nil if the program does not count them.
    package var leases: Int?
    /// The number of acquisitions that timed out; nil if the program does not count them.
    package var timeouts: Int?
}

/// How many instances of a type have ended before the feed began.
package struct FeedPast: Sendable, Hashable {
    /// The number of disposed instances.
    package var disposed = 0
    /// The number of instances whose creation failed.
    package var failed = 0
    /// The number of instances that were not disposed.
    package var abandoned = 0
    /// The number of errors.
    package var errors = 0
}

/// The first line of a feed: the program and what a client may do.
package struct FeedHeader: Sendable, Hashable {
    /// The version of the format.
    package var version: Int
    /// The name of the container.
    package var container: String
    /// The language of the program; nil if it is not stated.
    package var language: String?
    /// The name of the program; nil if it is not stated.
    package var program: String?
    /// The host of the program; nil if it is not stated.
    package var host: String?
    /// A text that differs for each run of the program; nil if it is not stated.
    package var instance: String?
    /// The number of the process; nil if it is not stated.
    package var pid: Int32?
    /// The number of the user that runs the process; nil if it is not stated.
    package var uid: UInt32?
    /// The start of the program, as Unix time in seconds; nil if it is not stated.
    package var started: Double?
    /// The name of the outermost scope.
    package var root: String
    /// The requests that the program accepts.
    package var may: [String]
    /// Whether the lines up to ``FeedLine/Kind/live`` describe what exists.
    package var tellsState: Bool
    /// Whether the program reports uses of instances.
    package var tellsUses: Bool
    /// Why fields of the line are not used, as clauses for users.
    package var faults: [String] = []

    /// The version that this library reads.
    package static let currentVersion = 1
    /// The name of the outermost scope if the header states none.
    package static let usualRoot = "app"
    /// The request to close a scope, in ``may``.
    package static let close = "close"
}

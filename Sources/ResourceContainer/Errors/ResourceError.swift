/// Why a container could not do what it was asked: what happened, to which key, in which scope, and what to do about it.
public struct ResourceError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure. More may be added; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case notBound, duplicateBinding, noScope, scopeClosed, captiveDependency, dependencyCycle, initialisationFailed
            case initialisationTimedOut, asynchronousOnly, initialisingElsewhere, closedFromWithin, unknownScope, unknownBinding
            case initialisationAbandoned, invalidBinding, nestedTooDeeply, faultsNotAllowed, containerClosed
        }

        private let raw: Raw

        /// Nothing is bound under the key.
        public static let notBound = Code(raw: .notBound)
        /// Something is bound under the key already.
        public static let duplicateBinding = Code(raw: .duplicateBinding)
        /// A scoped resource was asked for outside any scope.
        public static let noScope = Code(raw: .noScope)
        /// The scope is closing or closed.
        public static let scopeClosed = Code(raw: .scopeClosed)
        /// The container is closed, or being closed: it takes no bindings and no requests.
        public static let containerClosed = Code(raw: .containerClosed)
        /// Something that lives long depends on something that lives shorter.
        public static let captiveDependency = Code(raw: .captiveDependency)
        /// The initialisation of a resource needs that resource.
        public static let dependencyCycle = Code(raw: .dependencyCycle)
        /// Making the resource threw (the specification's `ResourceInitializationError`).
        public static let initialisationFailed = Code(raw: .initialisationFailed)
        /// Making the resource took longer than its budget.
        public static let initialisationTimedOut = Code(raw: .initialisationTimedOut)
        /// Making the resource was given up because its scope was closed by force.
        public static let initialisationAbandoned = Code(raw: .initialisationAbandoned)
        /// A binding cannot work as it was written.
        public static let invalidBinding = Code(raw: .invalidBinding)
        /// A chain of dependencies that are made synchronously is longer than 100 or than the thread's stack is safe for; a scope would stand in
        /// more than 1,000 others, or in more synchronous ones than the thread's stack is safe for.
        public static let nestedTooDeeply = Code(raw: .nestedTooDeeply)
        /// A synchronous scope was asked for a resource that can only be made or disposed asynchronously.
        public static let asynchronousOnly = Code(raw: .asynchronousOnly)
        /// A synchronous request met an asynchronous initialisation that is under way.
        public static let initialisingElsewhere = Code(raw: .initialisingElsewhere)
        /// A scope was closed from within one of its own initialisations or disposes, which would wait for itself.
        public static let closedFromWithin = Code(raw: .closedFromWithin)
        /// No open scope has this identity.
        public static let unknownScope = Code(raw: .unknownScope)
        /// A fault was to be injected into a binding that does not allow it.
        public static let faultsNotAllowed = Code(raw: .faultsNotAllowed)
        /// No binding has this identity.
        public static let unknownBinding = Code(raw: .unknownBinding)

        public var description: String {
            self.raw.rawValue
        }
    }

    /// The kind of the failure.
    public let code: Code
    /// The label of the key concerned, such as `Database(primary)`.
    public let key: String?
    /// The name of the scope concerned.
    public let scope: String?
    /// What was thrown by the code that the container called.
    public let underlying: (any Error)?
    /// What happened, where, and what to do about it, in one line.
    public let description: String
    /// What the innermost cause in the user's own code says, if there is one: for places that name key and scope themselves.
    let reason: String
    /// Whether nothing was tried, because it has failed too often lately.
    var isHeldBack = false

    init(
        _ code: Code,
        key: String? = nil,
        scope: String? = nil,
        underlying: (any Error)? = nil,
        reason: String? = nil,
        _ description: String
    ) {
        self.code = code
        self.key = key
        self.scope = scope
        self.underlying = underlying
        self.description = description.asReport
        self.reason = reason ?? self.description
    }
}

/// A scope's body succeeded, but something it owned was not disposed cleanly, and the scope was opened with ``ClosePolicy/throw``.
public struct DisposeError: Error, Sendable, CustomStringConvertible {
    /// What became of everything.
    public let report: DisposeReport

    /// An error about `report`.
    public init(_ report: DisposeReport) {
        self.report = report
    }

    public var description: String {
        let failed = self.report.allEntries.filter(\.isFault)
        return "closing \(self.report.name) left \(failed.count) not cleanly disposed: \(DisposeReport.list(failed))".asReport
    }
}

/// What `withScope` does when its body succeeded and a dispose did not.
public struct ClosePolicy: Hashable, Sendable {
    private let throwsOnFailure: Bool

    /// The report goes to `onClose` and to the events; `withScope` returns the body's value. The default.
    public static let report = ClosePolicy(throwsOnFailure: false)
    /// Besides, ``DisposeError`` is thrown. A body's own error is thrown unchanged under either policy.
    public static let `throw` = ClosePolicy(throwsOnFailure: true)

    func check(_ report: DisposeReport) throws(DisposeError) {
        if self.throwsOnFailure, !report.isClean { throw DisposeError(report) }
    }
}

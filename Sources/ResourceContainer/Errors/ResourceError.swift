/// An error of a container. It states what happened, which key and scope are concerned, and what to do about it.
public struct ResourceError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure. Later versions may add kinds, so compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case notBound, duplicateBinding, noScope, scopeClosed, captiveDependency, dependencyCycle, initializationFailed
            case initializationTimedOut, asynchronousOnly, initializingElsewhere, closedFromWithin, unknownScope, unknownBinding
            case initializationAbandoned, invalidBinding, nestedTooDeeply, faultsNotAllowed, containerClosed
            case undeclaredValue, missingValue, missingArgument, unexpectedArgument, notConvertible, notAnInstance
        }

        private let raw: Raw

        /// Nothing is bound under the key.
        public static let notBound = Code(raw: .notBound)
        /// The key is already bound.
        public static let duplicateBinding = Code(raw: .duplicateBinding)
        /// A scoped resource was requested outside of any scope, or a tagged one outside of a scope with its tag.
        public static let noScope = Code(raw: .noScope)
        /// The scope is closing or closed.
        public static let scopeClosed = Code(raw: .scopeClosed)
        /// The container is closing or closed. It takes no bindings and no requests.
        public static let containerClosed = Code(raw: .containerClosed)
        /// A resource depends on a resource with a shorter lifetime.
        public static let captiveDependency = Code(raw: .captiveDependency)
        /// A resource depends on itself.
        public static let dependencyCycle = Code(raw: .dependencyCycle)
        /// Creating or initializing the resource threw an error, which is ``ResourceError/underlying``.
        public static let initializationFailed = Code(raw: .initializationFailed)
        /// Creating or initializing the resource took longer than its ``BindingOptions/initializeTimeout``.
        public static let initializationTimedOut = Code(raw: .initializationTimedOut)
        /// The initialization of the resource was abandoned because its scope was closed by force or its container was dropped.
        public static let initializationAbandoned = Code(raw: .initializationAbandoned)
        /// The arguments of a binding are invalid.
        public static let invalidBinding = Code(raw: .invalidBinding)
        /// A scope provides a value that is not declared, not declared for the scope's tag, or provided twice.
        public static let undeclaredValue = Code(raw: .undeclaredValue)
        /// A value was requested that neither the scope nor a scope around it provides.
        public static let missingValue = Code(raw: .missingValue)
        /// A request passes no argument to a binding that takes one.
        public static let missingArgument = Code(raw: .missingArgument)
        /// A request passes an argument to a binding that takes none, or one of another type.
        public static let unexpectedArgument = Code(raw: .unexpectedArgument)
        /// The instance of an alias or a fallback is not of the type of its key.
        public static let notConvertible = Code(raw: .notConvertible)
        /// The binding is a value of a scope, which has no instance.
        public static let notAnInstance = Code(raw: .notAnInstance)
        /// A chain of dependencies or scopes is nested too deeply. A synchronous chain of dependencies is limited to 100 resources and
        /// scopes to 1,000 levels. A chain also ends where the stack of the thread is nearly used up.
        public static let nestedTooDeeply = Code(raw: .nestedTooDeeply)
        /// A synchronous request or scope needs a resource that can only be created or disposed asynchronously.
        public static let asynchronousOnly = Code(raw: .asynchronousOnly)
        /// A synchronous request needs a resource that is being initialized asynchronously.
        public static let initializingElsewhere = Code(raw: .initializingElsewhere)
        /// A scope was closed from within one of its own initialize or dispose steps. The close would wait for the step that calls it.
        public static let closedFromWithin = Code(raw: .closedFromWithin)
        /// No open scope has this identity.
        public static let unknownScope = Code(raw: .unknownScope)
        /// A fault was injected into a binding that does not allow faults.
        public static let faultsNotAllowed = Code(raw: .faultsNotAllowed)
        /// No binding has this identity.
        public static let unknownBinding = Code(raw: .unknownBinding)

        /// The name of the kind, such as `notBound`.
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
    /// The error that the user's code threw, if it caused this one.
    public let underlying: (any Error)?
    /// The problem, its location, and the remedy, in one line.
    public let description: String
    /// The text of the innermost error that the user's code threw, else ``description``. For messages that name key and scope themselves.
    let reason: String
    /// Whether no attempt was made because recent attempts failed.
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

/// An error that a scope with ``ClosePolicy/throw`` throws if its body returned and a resource was not disposed cleanly.
public struct DisposeError: Error, Sendable, CustomStringConvertible {
    /// The outcome of every dispose of the scope.
    public let report: DisposeReport

    /// Creates an error for `report`.
    public init(_ report: DisposeReport) {
        self.report = report
    }

    /// The scope's name, the number of resources that were not disposed cleanly, and the first of them, in one line.
    public var description: String {
        let failed = self.report.allEntries.filter(\.isFault)
        let list = DisposeReport.list(failed)
        return "closing \(self.report.name) did not cleanly dispose \(failed.count) of its resources: \(list)".asReport
    }
}

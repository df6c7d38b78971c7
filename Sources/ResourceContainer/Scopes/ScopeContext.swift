/// The scope that a task runs in, and its activity there: running a body, creating an instance, or closing. Contexts form a chain, innermost
/// first.
class ScopeContext: @unchecked Sendable {
    // Sendable because its properties never change. The compiler cannot check it because a class with subclasses is not final.
    /// The task's activity for the container.
    enum Activity: Sendable {
        /// Running a body of `withScope`.
        case body
        /// Creating this instance.
        case making(ResourceHandle)
        /// Closing the scope.
        case closing
    }

    let scope: Scope
    let activity: Activity
    let outer: ScopeContext?
    /// The number of nested creations, each of which uses part of the stack.
    let depth: Int

    @TaskLocal static var current: ScopeContext?

    init(scope: Scope, activity: Activity) {
        self.scope = scope
        self.activity = activity
        self.outer = Self.current
        let isMaking = if case .making = activity { true } else { false }
        self.depth = (self.outer?.depth ?? 0) + (isMaking ? 1 : 0)
    }

    /// Returns the calling task's innermost context of `engine`.
    static func find(_ engine: Engine) -> ScopeContext? {
        var context = Self.current
        while let found = context, found.scope.engine !== engine { context = found.outer }
        return context
    }

    /// Returns the instance that the calling task is creating for `engine`: every key that the task resolves is a dependency of it.
    static func requester(_ engine: Engine) -> ResourceHandle? {
        guard let context = Self.find(engine), case .making(let handle) = context.activity, engine.isInitializing(handle) else {
            return nil
        }
        return handle
    }

    /// Whether the calling task creates or disposes an instance of `scope` or of a nested scope, and would wait for itself by closing `scope`.
    static func isWorking(below scope: Scope) -> Bool {
        var context = Self.current
        while let found = context {
            // A task that was started by the work and outlived it no longer counts.
            let isWorking =
                switch found.activity {
                case .body: false
                case .making(let handle): found.scope.engine.isInitializing(handle)
                case .closing: found.scope.report == nil
                }
            if isWorking, found.scope.isSameOrBelow(scope) { return true }
            context = found.outer
        }
        return false
    }
}

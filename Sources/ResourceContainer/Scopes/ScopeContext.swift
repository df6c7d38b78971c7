/// Where a task stands: in which scope of which container, and what it is making or disposing there. A chain, innermost first.
final class ScopeContext: Sendable {
    /// What the task is doing for the container.
    enum Activity: Sendable {
        /// Running a body.
        case body
        /// Making this instance.
        case making(ResourceHandle)
        /// Closing the scope.
        case closing
    }

    let scope: Scope
    let activity: Activity
    let outer: ScopeContext?
    /// How many instances are being made around this one; each took a piece of the stack.
    let depth: Int

    @TaskLocal static var current: ScopeContext?

    init(scope: Scope, activity: Activity) {
        self.scope = scope
        self.activity = activity
        self.outer = Self.current
        let isMaking = if case .making = activity { true } else { false }
        self.depth = (self.outer?.depth ?? 0) + (isMaking ? 1 : 0)
    }

    /// The innermost context of `engine` that the calling task is in.
    static func find(_ engine: Engine) -> ScopeContext? {
        var context = Self.current
        while let found = context, found.scope.engine !== engine { context = found.outer }
        return context
    }

    /// The instance that the calling task is making for `engine`: what it asks for meanwhile is a dependency of that.
    static func requester(_ engine: Engine) -> ResourceHandle? {
        guard let context = Self.find(engine), case .making(let handle) = context.activity, engine.isInitialising(handle) else {
            return nil
        }
        return handle
    }

    /// Whether the calling task makes or disposes something of `scope` or of a scope below it, and so would wait for itself in closing it.
    static func isWorking(below scope: Scope) -> Bool {
        var context = Self.current
        while let found = context {
            // A task that was started in there and outlived it works for it no longer.
            let isWorking =
                switch found.activity {
                case .body: false
                case .making(let handle): found.scope.engine.isInitialising(handle)
                case .closing: found.scope.report == nil
                }
            if isWorking, found.scope.isSameOrBelow(scope) { return true }
            context = found.outer
        }
        return false
    }
}

/// An operation of a container or a pool that a tracer can record as a span.
public enum TracedOperation: Sendable, Hashable {
    /// The life of a scope, from its opening to the end of its close. The location is the one that opens it.
    case scope(name: String, tag: String?, location: CodeLocation)
    /// The creation and initialization of an instance of the binding `key`, owned by the scope named `scope`. The location is that of the
    /// binding.
    case initialization(key: String, scope: String, location: CodeLocation)
    /// An acquisition that a pool does not serve at once: it waits for an item, or for the creation or the validation of one. The location
    /// is the one that acquires the item.
    case acquisition(pool: String, location: CodeLocation)
}

/// A recorder of the operations of containers and pools as the spans of distributed traces.
///
/// Set it in ``ResourceEnvironment/tracer``. `ResourceTracing` implements it for swift-distributed-tracing. The container calls it outside of
/// every lock, from the task that requests the operation, so that it can read the task-local context of the caller.
public protocol OperationTracer: AnyObject, Sendable {
    /// Begins a span for `operation`.
    ///
    /// - Parameters:
    ///   - operation: The operation that begins now.
    ///   - scope: The span of the innermost enclosing scope that has one. It is the parent of the operation if the caller's task has no
    ///     context.
    /// - Returns: The span; nil if the tracer does not record the operation.
    func begin(_ operation: TracedOperation, within scope: (any OperationSpan)?) -> (any OperationSpan)?
}

/// A span that records one operation of a container or a pool.
public protocol OperationSpan: AnyObject, Sendable {
    /// The trace that the span belongs to; nil if it is not known or not recorded. Does not change.
    var traceID: TraceID? { get }

    /// Runs `body`, in which this span is the task's current one.
    ///
    /// - Parameters:
    ///   - isolation: The actor of the caller, on which `body` runs.
    ///   - body: The traced work.
    func withCurrent<Result>(isolation: isolated (any Actor)?, _ body: () async throws -> Result) async rethrows -> Result

    /// Runs a synchronous `body`, in which this span is the task's current one.
    func withCurrentSynchronously<Result>(_ body: () throws -> Result) rethrows -> Result

    /// Records that the operation failed. Has no effect after ``end()``.
    func fail(with error: any Error)

    /// Records that the operation was canceled, which is no error. Has no effect after ``end()``.
    func cancel()

    /// Ends the span. Further calls have no effect.
    func end()
}

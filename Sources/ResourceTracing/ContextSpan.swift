#if Tracing
    import ResourceContainer
    import Synchronization
    import Tracing

    /// The span of one operation, with the context in which the operation runs.
    final class ContextSpan: OperationSpan {
        let traceID: TraceID?
        private let span: any Span
        private let hasEnded = Atomic<Bool>(false)

        init(_ span: any Span, traceID: TraceID?) {
            self.span = span
            self.traceID = traceID
        }

        var context: ServiceContext {
            self.span.context
        }

        func withCurrent<Result>(isolation: isolated (any Actor)?, _ body: () async throws -> Result) async rethrows -> Result {
            try await ServiceContext.$current.withValue(self.context) {
                // The closure captures the isolation to stay on the caller's actor.
                _ = isolation
                return try await body()
            }
        }

        func withCurrentSynchronously<Result>(_ body: () throws -> Result) rethrows -> Result {
            try ServiceContext.$current.withValue(self.context, operation: body)
        }

        func fail(with error: any Error) {
            if self.hasEnded.load(ordering: .acquiring) { return }
            self.span.recordError(error)
            self.span.setStatus(SpanStatus(code: .error, message: UserCode.text(of: error)))
        }

        func cancel() {
            if self.hasEnded.load(ordering: .acquiring) { return }
            // Clients disconnect. That is no error of the program.
            self.span.updateAttributes { $0["resmon.canceled"] = true }
        }

        func end() {
            guard !self.hasEnded.exchange(true, ordering: .acquiringAndReleasing) else { return }
            self.span.end()
        }
    }
#endif

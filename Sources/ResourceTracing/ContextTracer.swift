#if Tracing
    import ResourceContainer
    import Tracing

    /// The tracer of a container: begins a span in the caller's context.
    final class ContextTracer: OperationTracer {
        private let tracer: (any Tracer)?
        private let options: TracingOptions

        init(_ tracer: (any Tracer)?, _ options: TracingOptions) {
            self.tracer = tracer
            self.options = options
        }

        func begin(_ operation: TracedOperation, within scope: (any OperationSpan)?) -> (any OperationSpan)? {
            guard self.options.operations.contains(operation.kind) else { return nil }
            let tracer = self.tracer ?? InstrumentationSystem.tracer
            let parent = ServiceContext.current ?? (scope as? ContextSpan)?.context ?? .topLevel
            let location = operation.location
            let span = tracer.startSpan(
                operation.name,
                context: parent,
                ofKind: .internal,
                at: DefaultTracerClock.now,
                function: "",
                file: location.file,
                line: location.line
            )
            if span.isRecording { span.updateAttributes { operation.describe(in: &$0) } }
            return ContextSpan(span, traceID: self.options.traceID(span.context, tracer))
        }
    }

    extension TracedOperation {
        fileprivate var kind: TracingOptions.Operation {
            switch self {
            case .scope: .scopes
            case .initialization: .initializations
            case .acquisition: .acquisitions
            }
        }

        fileprivate var location: CodeLocation {
            switch self {
            case .scope(_, _, let location), .initialization(_, _, let location), .acquisition(_, let location): location
            }
        }

        /// The name of the span. Scopes of one kind share it, as in a monitor's report: a scope without a tag has its name with every run
        /// of digits replaced.
        fileprivate var name: String {
            switch self {
            case .scope(let name, let tag, _): "scope \(tag ?? name.replacingDigits)"
            case .initialization(let key, _, _): "initialize \(key)"
            case .acquisition(let pool, _): "acquire \(pool)"
            }
        }

        fileprivate func describe(in attributes: inout SpanAttributes) {
            attributes["code.file.path"] = self.location.file
            attributes["code.line.number"] = Int64(clamping: self.location.line)
            switch self {
            case .scope(let name, let tag, _):
                attributes["resmon.scope.name"] = name
                if let tag { attributes["resmon.scope.tag"] = tag }
            case .initialization(let key, let scope, _):
                attributes["resmon.key"] = key
                attributes["resmon.scope.name"] = scope
            case .acquisition(let pool, _):
                attributes["resmon.pool.name"] = pool
            }
        }
    }
#endif

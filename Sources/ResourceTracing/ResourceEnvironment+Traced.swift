#if Tracing
    public import ResourceContainer
    public import Tracing

    extension ResourceEnvironment {
        /// Returns this environment with a tracer that records scopes, initializations, and waits for pool items as spans.
        ///
        /// ```swift
        /// let container = Container("shop", environment: .system.traced())
        /// ```
        ///
        /// A span is a child of the span in the caller's `ServiceContext`, such as that of the request. The span of a scope that
        /// `withScope` opens is current in the body and during the close, so that spans begun there are its children. In a task without a
        /// context, the span of the enclosing scope is the parent.
        ///
        /// - Parameters:
        ///   - tracer: The tracer; nil uses the one that the program has bootstrapped when an operation begins.
        ///   - options: The operations to record.
        public func traced(by tracer: (any Tracer)? = nil, options: TracingOptions = TracingOptions()) -> ResourceEnvironment {
            var environment = self
            environment.tracer = ContextTracer(tracer, options)
            return environment
        }
    }
#endif

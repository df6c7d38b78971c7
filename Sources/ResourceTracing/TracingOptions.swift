#if Tracing
    public import ResourceContainer
    public import Tracing

    /// The operations that are recorded as spans, and how the identifier of a trace is read.
    public struct TracingOptions: Sendable {
        /// The kinds of operations that can be recorded.
        public enum Operation: String, Sendable, Hashable, CaseIterable {
            /// A span per scope, from its opening to the end of its close. The root scope has none.
            case scopes
            /// A span per instance that is created, until it is ready or has failed.
            case initializations
            /// A span per acquisition that a pool cannot serve at once.
            case acquisitions
        }

        /// The operations to record.
        public var operations: Set<Operation>
        /// Reads the identifier of the trace from the context of a new span; nil if the span has none or is not recorded.
        public var traceID: @Sendable (_ context: ServiceContext, _ tracer: any Tracer) -> TraceID?

        /// Creates options.
        ///
        /// - Parameters:
        ///   - operations: The operations to record.
        ///   - traceID: Reads the identifier of a trace. The default, ``traceParent(of:tracer:)``, reads the header of the W3C
        ///     recommendation, which OpenTelemetry uses. Pass another function for a tracer with other headers.
        public init(
            operations: Set<Operation> = Set(Operation.allCases),
            traceID: @escaping @Sendable (_ context: ServiceContext, _ tracer: any Tracer) -> TraceID? = Self.traceParent
        ) {
            self.operations = operations
            self.traceID = traceID
        }

        /// Returns the trace in the header `traceparent` that `tracer` adds to an outgoing request; nil if it adds none, or if the trace is
        /// not sampled, because no collector has it then.
        public static func traceParent(of context: ServiceContext, tracer: any Tracer) -> TraceID? {
            var headers: [String: String] = [:]
            tracer.inject(context, into: &headers, using: HeaderInjector())
            guard let header = headers["traceparent"] else { return nil }
            // VERSION-TRACE-PARENT-FLAGS; bit 0 of the flags is set if the trace is sampled.
            let fields = header.split(separator: "-", omittingEmptySubsequences: false)
            guard fields.count >= 4, fields[1].utf8.count == 32, let flags = UInt8(fields[3], radix: 16), flags & 1 == 1 else { return nil }
            return TraceID(String(fields[1]))
        }
    }

    /// Collects headers with names in lowercase.
    private struct HeaderInjector: Injector {
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
            carrier[key.lowercased()] = value
        }
    }
#endif

#if Tracing
    public import HTTPResources
    import ResourceContainer
    public import Tracing

    extension HTTPObserver {
        /// Returns an observer that records each request that is sent as a span, and sends the context of the span with the request.
        ///
        /// ```swift
        /// let configuration = HTTPConfiguration(observer: .tracing())
        /// ```
        ///
        /// The span is a child of the span in the caller's `ServiceContext`. Its name is the method. Its attributes are those of the
        /// semantic conventions of OpenTelemetry for HTTP clients; `url.full` has neither password nor query. A status from 400 and an
        /// error are errors of the span. A canceled request is no error; its span has the attribute `resmon.canceled`.
        ///
        /// - Parameter tracer: The tracer; nil uses the one that the program has bootstrapped when a request is sent.
        public static func tracing(by tracer: (any Tracer)? = nil) -> HTTPObserver {
            HTTPObserver { request in
                let tracer = tracer ?? InstrumentationSystem.tracer
                let span = tracer.startSpan(request.method.rawValue, context: .current ?? .topLevel, ofKind: .client)
                if span.isRecording { span.updateAttributes { request.describe(in: &$0) } }
                var headers: [String: String] = [:]
                tracer.inject(span.context, into: &headers, using: HeaderInjector())
                return Observation(headers: headers) { outcome in
                    if span.isRecording { outcome.describe(in: span) }
                    span.end()
                }
            }
        }
    }

    extension HTTPObserver.Request {
        fileprivate func describe(in attributes: inout SpanAttributes) {
            attributes["http.request.method"] = self.method.rawValue
            attributes["url.full"] = self.url
            attributes["url.scheme"] = self.scheme
            attributes["server.address"] = self.host
            attributes["server.port"] = self.port
            if self.resends > 0 { attributes["http.request.resend_count"] = self.resends }
        }
    }

    extension HTTPObserver.Outcome {
        fileprivate func describe(in span: any Span) {
            if let status = self.status { span.updateAttributes { $0["http.response.status_code"] = status } }
            if let error = self.error {
                if error is CancellationError {
                    span.updateAttributes { $0["resmon.canceled"] = true }
                } else {
                    span.updateAttributes { $0["error.type"] = String(describing: type(of: error)) }
                    span.recordError(error)
                    span.setStatus(SpanStatus(code: .error, message: UserCode.text(of: error)))
                }
            } else if let status = self.status, status >= 400 {
                span.updateAttributes { $0["error.type"] = "\(status)" }
                span.setStatus(SpanStatus(code: .error))
            }
        }
    }

    private struct HeaderInjector: Injector {
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
            carrier[key] = value
        }
    }
#endif

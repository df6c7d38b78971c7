#if Postgres || Redis
    import Foundation
    import ResourceContainer

    /// Runs a blocking call - a name lookup, a cancel request - on a separate thread, so that no thread of the concurrency pool waits for
    /// it.
    package enum BlockingCall {
        /// Returns the result of `body`; nil if the calling task is canceled first. The thread then continues detached and ends with
        /// `body`.
        package static func run<Result: Sendable>(_ name: String, _ body: @escaping @Sendable () -> Result) async -> Result? {
            let promise = Promise<Result>()
            let thread = Thread { promise.fulfill(body()) }
            thread.name = name
            thread.start()
            return await promise.wait()
        }
    }
#endif

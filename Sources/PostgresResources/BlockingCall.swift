#if Postgres
    import Foundation
    import ResourceContainer

    /// Runs what blocks - a name's look-up, a cancel request - on a thread of its own, so that no thread of the concurrency pool waits for it.
    enum BlockingCall {
        /// What `body` returns; nil if the calling task is cancelled before. The thread is then left to itself and ends when `body` does.
        static func run<Result: Sendable>(_ name: String, _ body: @escaping @Sendable () -> Result) async -> Result? {
            let promise = Promise<Result>()
            let thread = Thread { promise.fulfil(body()) }
            thread.name = name
            thread.start()
            return await promise.wait()
        }
    }
#endif

#if Postgres
    import CLibPQ
    import ResourceContainer

    /// Takes what a server says beside its answers, which libpq would print: it becomes a note of the resource, if that is bound.
    final class ServerNotices: Sendable {
        private let context = Lock<ResourceContext?>(nil)

        func attach(_ context: ResourceContext) {
            self.context.withLock { $0 = context }
        }

        /// Has `connection` say its notices to this instance, which must live for as long as the connection does.
        func receive(from connection: OpaquePointer) {
            let processor: PQnoticeProcessor = { target, text in
                guard let target, let text else { return }
                Unmanaged<ServerNotices>.fromOpaque(target).takeUnretainedValue().note(String(cString: text).oneLine)
            }
            _ = PQsetNoticeProcessor(connection, processor, Unmanaged.passUnretained(self).toOpaque())
        }

        private func note(_ text: String) {
            self.context.withLock { $0 }?.note(text)
        }
    }
#endif

#if Postgres
    import CLibPQ
    import ResourceContainer

    /// Receives the server's notices, which libpq would print. They become note events of the resource if it is bound.
    final class ServerNotices: Sendable {
        private let context = Lock<ResourceContext?>(nil)

        func attach(_ context: ResourceContext) {
            self.context.withLock { $0 = context }
        }

        /// Installs this instance as the notice processor of `connection`, which it must outlive.
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

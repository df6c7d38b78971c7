#if Redis
    import CHiredis
    // The internal target that PostgreSQL and Redis share.
    import SocketReadiness

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #else
        import Darwin
    #endif

    /// A failure of a descriptor or a reply, without the server and the command.
    struct LinkFailure: Error, Sendable {
        let code: RedisError.Code
        let message: String

        init(_ code: RedisError.Code, _ message: String) {
            self.code = code
            self.message = message
        }
    }

    /// A non-blocking socket with hiredis's reply parser.
    ///
    /// Sends in hiredis's format but without hiredis, whose writes terminate the process with SIGPIPE when the server has closed the
    /// connection.
    final class RedisLink: @unchecked Sendable {
        // Sendable because each field has a guard:
        // - `context` and `descriptor` are constants.
        // - The memory behind `context` belongs to one task at a time, which sends and receives: the task that holds
        //   `RedisConnection.mutex`, or the task that reads the reply of a canceled command, for which the next holder waits
        //   (`settling`). `isQuiet` reads that memory under the lock `RedisConnection.state`, in the phase `open` and while neither
        //   `isBusy` nor `settling` is set; no task sends or receives then.
        // - `isClosed` is guarded by the same lock: `close()` is called under it after the last send or receive has ended. The same
        //   critical section removes the link from the phase. `shutDown()` is called under the lock on the link of the phase, so the
        //   descriptor is open. It may run while another task sends or receives, because it only calls `shutdown(2)`.
        // - `deinit` runs with the last reference and needs no lock.
        private let context: UnsafeMutablePointer<redisContext>
        private let descriptor: Int32
        private var isClosed = false

        /// Begins to connect; ``connected()`` waits for the end.
        init(to address: RedisAddress) throws(LinkFailure) {
            let made =
                switch address {
                case .tcp(let host, let port): redisConnectNonBlock(host, Int32(port))
                case .unix(let path): redisConnectUnixNonBlock(path)
                }
            guard let context = made else { throw LinkFailure(.unreachable, "out of memory") }
            guard context.pointee.err == 0 else {
                let message = Self.message(of: context)
                redisFree(context)
                throw LinkFailure(.unreachable, message)
            }
            self.context = context
            self.descriptor = context.pointee.fd
            // Child processes must not inherit the descriptor.
            _ = fcntl(self.descriptor, F_SETFD, FD_CLOEXEC)
            #if canImport(Darwin)
                var yes: Int32 = 1
                setsockopt(self.descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
            #endif
        }

        deinit {
            self.close()
        }

        /// Waits until the connection is established.
        func connected() async throws {
            try await self.wait(for: .writable)
            var error: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(self.descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
            if error != 0 { throw LinkFailure(.unreachable, String(cString: strerror(error))) }
        }

        /// Sends all of `bytes`. If it throws, a part may have been sent.
        func send(_ bytes: [UInt8]) async throws {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { systemSend(self.descriptor, $0.baseAddress, $0.count) }
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN || errno == EWOULDBLOCK {
                    try await self.wait(for: .writable)
                } else if errno != EINTR {
                    throw LinkFailure(.connectionLost, "sending failed: \(String(cString: strerror(errno)))")
                }
            }
        }

        /// Returns the next reply. If it throws `CancellationError`, the reply is not lost: the next call returns it.
        func receive() async throws -> RedisValue {
            while true {
                if let reply = try self.availableReply() { return reply }
                try await self.wait(for: .readable)
            }
        }

        /// The next reply if it has arrived completely; nil otherwise.
        func availableReply() throws(LinkFailure) -> RedisValue? {
            while true {
                var reply: UnsafeMutableRawPointer?
                guard redisGetReplyFromReader(self.context, &reply) == REDIS_OK else { throw self.failure }
                if let reply {
                    defer { freeReplyObject(reply) }
                    return RedisValue(reply.assumingMemoryBound(to: redisReply.self).pointee)
                }
                let before = self.context.pointee.reader.pointee.len
                guard redisBufferRead(self.context) == REDIS_OK else { throw self.failure }
                if self.context.pointee.reader.pointee.len == before { return nil }
            }
        }

        /// Whether no data is unread and the server has not closed the connection. Valid between commands only.
        var isQuiet: Bool {
            let reader = self.context.pointee.reader.pointee
            guard reader.pos == reader.len else { return false }
            var byte: UInt8 = 0
            let count = recv(self.descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        }

        /// Shuts the socket down, which ends waits for it; the descriptor stays open. Not valid after ``close()``.
        func shutDown() {
            _ = shutdown(self.descriptor, Int32(SHUT_RDWR))
        }

        /// Closes the descriptor and frees the context. Takes effect once; no operation may be waiting.
        func close() {
            guard !self.isClosed else { return }
            self.isClosed = true
            redisFree(self.context)
        }

        private func wait(for readiness: SocketEventLoop.Readiness) async throws {
            do {
                try await SocketEventLoop.shared.wait(for: self.descriptor, toBe: readiness)
            } catch let error as CancellationError {
                throw error
            } catch {
                throw LinkFailure(.connectionLost, "waiting for the server failed: \(error)")
            }
        }

        private var failure: LinkFailure {
            let code: RedisError.Code = self.context.pointee.err == REDIS_ERR_PROTOCOL ? .protocolError : .connectionLost
            return LinkFailure(code, Self.message(of: self.context))
        }

        private static func message(of context: UnsafeMutablePointer<redisContext>) -> String {
            withUnsafeBytes(of: context.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
    }

    /// `send(2)` that reports a closed connection instead of raising SIGPIPE.
    private func systemSend(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Darwin)
            send(descriptor, bytes, count, 0)
        #else
            send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
        #endif
    }
#endif

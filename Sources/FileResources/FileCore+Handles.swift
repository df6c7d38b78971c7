import ResourceContainer

/// Opening and sharing file handles.
extension FileCore {
    /// A handle of the file. Handles of one path in one mode share a descriptor.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    nonisolated(nonsending) func open(
        _ name: FileName,
        _ mode: FileMode,
        budget: Duration,
        fileID: StaticString,
        line: UInt
    ) async throws -> OpenFile {
        if budget <= .zero {
            throw FileStoreError(
                .invalidConfiguration,
                action: "open",
                name: name.text,
                reason: "the budget is \(budget) and must be above zero"
            )
        }
        let now = self.environment.time.now
        let scope = self.context.withLock { $0 }?.callersScope
        let user = Table.User(location: CodeLocation(file: "\(fileID)", line: line), scope: scope, since: now)
        let deadline = now + budget
        while true {
            let (joining, opening) = self.state.withLock { state in
                let joining = state.table.join(Table.Key(path: name.path, mode: mode), name: name.text, user)
                switch joining {
                case .opens(let ticket):
                    let opening = Promise<FileStoreError?>()
                    state.openings[ticket.entry] = opening
                    return (joining, Optional(opening))
                case .waits(let entry): return (joining, state.openings[entry])
                case .refused, .shares: return (joining, nil)
                }
            }
            switch joining {
            case .refused:
                throw self.closed("open", name.text)
            case .opens(let ticket):
                let file = try await self.openFirst(name, mode, ticket, until: deadline, fileID, line)
                return try await self.handle(of: file, name, mode, ticket, fileID, line)
            case .waits:
                if let opening { try await self.wait(for: opening, name, until: deadline) }
            case .shares(let ticket, let file):
                if try await self.isCurrent(file, name, ticket) {
                    return try await self.handle(of: file, name, mode, ticket, fileID, line)
                }
                self.state.withLock { $0.table.cutOff(ticket) }
                self.leave(ticket, file)
            }
        }
    }

    /// Ends a use. Returns true if it was the last one, in which case the file is closed.
    @discardableResult
    func leave(_ ticket: Table.Ticket, _ file: SharedFile) -> Bool {
        let isLast = self.state.withLock { $0.table.leave(ticket) }
        if isLast { self.io.enqueue { file.close() } }
        return isLast
    }

    private nonisolated(nonsending) func openFirst(
        _ name: FileName,
        _ mode: FileMode,
        _ ticket: Table.Ticket,
        until deadline: TimeSource.Instant,
        _ fileID: StaticString,
        _ line: UInt
    ) async throws -> SharedFile {
        let file: SharedFile
        do {
            let slot = try await self.slot(for: name, until: deadline, fileID, line)
            do {
                file = try await self.perform("open", name.text) { [calls = self.calls] files throws(FileFailure) in
                    try files.open(name, mode, slot: slot, calls: calls)
                }
            } catch {
                // Releases exactly once: the file that would have released the slot does not exist.
                try? slot.release()
                throw error
            }
        } catch {
            let opening = self.state.withLock { state in
                _ = state.table.leave(ticket)
                return state.openings.removeValue(forKey: ticket.entry)
            }
            // Cancellation of this task, and a timeout of its own budget, do not concern the other waiters.
            let failure = error as? FileStoreError
            opening?.fulfill(failure?.underlying == nil ? failure : nil)
            throw error
        }
        let (isTaken, opening) = self.state.withLock { state in
            (state.table.opened(ticket, file), state.openings.removeValue(forKey: ticket.entry))
        }
        opening?.fulfill(nil)
        if isTaken { return file }
        self.io.enqueue { file.close() }
        throw self.closed("open", name.text)
    }

    /// The fault and the remedy, in words, for an opening that got no slot.
    private var limitReached: String {
        let maximum = self.configuration.maximumOpen
        return "\(maximum) \(maximum == 1 ? "file is" : "files are") open, the limit that maximumOpen sets: close one, or raise the limit"
    }

    private nonisolated(nonsending) func slot(
        for name: FileName,
        until deadline: TimeSource.Instant,
        _ fileID: StaticString,
        _ line: UInt
    ) async throws -> LeaseHandle {
        do {
            let left = max(.nanoseconds(1), deadline - self.environment.time.now)
            return try await self.slots.acquire(budget: left, fileID: fileID, line: line).detach().handle
        } catch let error as PoolError {
            if error.code == .closed { throw self.closed("open", name.text) }
            throw FileStoreError(
                .tooManyOpen,
                action: "open",
                name: name.text,
                reason: "\(self.limitReached); \(error)",
                underlying: error
            )
        }
    }

    private nonisolated(nonsending) func handle(
        of file: SharedFile,
        _ name: FileName,
        _ mode: FileMode,
        _ ticket: Table.Ticket,
        _ fileID: StaticString,
        _ line: UInt
    ) async throws -> OpenFile {
        do {
            let lease = try await self.handles.acquire(fileID: fileID, line: line)
            return OpenFile(self, file, name: name.text, mode: mode, ticket: ticket, lease: lease)
        } catch {
            self.leave(ticket, file)
            guard let error = error as? PoolError else { throw error }
            if error.code == .closed { throw self.closed("open", name.text) }
            throw FileStoreError(.tooManyOpen, action: "open", name: name.text, reason: error.description, underlying: error)
        }
    }

    /// Returns when another task's opening of the file has ended.
    ///
    /// - Throws: The error of that opening if it would recur; ``FileStoreError/Code/tooManyOpen`` on a timeout; `CancellationError`.
    private func wait(for opening: Promise<FileStoreError?>, _ name: FileName, until deadline: TimeSource.Instant) async throws {
        let ended = Promise<Bool>()
        opening.whenFulfilled { ended.fulfill(true) }
        let alarm = self.environment.time.schedule(at: deadline) { ended.fulfill(false) }
        let isEnded = await ended.wait()
        alarm.cancel()
        guard let isEnded else { throw CancellationError() }
        if !isEnded {
            throw FileStoreError(
                .tooManyOpen,
                action: "open",
                name: name.text,
                reason: "another task is opening it, and \(self.limitReached)"
            )
        }
        if let failure = opening.value ?? nil { throw failure }
    }

    /// Whether the name still refers to the open file. Another process or ``WholeFiles/write(_:to:overwriting:)`` may have replaced it.
    private func isCurrent(_ file: SharedFile, _ name: FileName, _ ticket: Table.Ticket) async throws -> Bool {
        do {
            let files = try self.wholeFiles("open", name.text)
            return try await self.io.run { try? files.identity(of: name) } == file.identity
        } catch {
            self.leave(ticket, file)
            throw error
        }
    }
}

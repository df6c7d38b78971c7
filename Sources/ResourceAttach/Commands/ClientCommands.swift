import LocalSockets
import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The commands of one client, carried out on the container.
///
/// Each command is an event of the container and a line of the log, before it runs. It runs in a task on threads of the library, so that it
/// runs while the application blocks every thread of the cooperative pool. The client's commands, scopes, and leases end with its
/// connection.
final class ClientCommands: Sendable {
    private struct State: Sendable {
        /// The scopes that the client opened and did not close. The container finds only open scopes, but a closing one must be ended, too.
        var opened: [ScopeID: Scope] = [:]
        /// The running commands, by their number.
        var tasks: [Int: Task<Void, Never>] = [:]
        /// The number of commands that were started. A client with commands may have leases.
        var started = 0
        /// Whether the connection has ended.
        var isOver = false
    }

    /// The process at the other end.
    let peer: PeerCredentials
    private let setup: AttachSetup
    private let container: Container
    private let control: ContainerControl
    private let state = Lock(State())

    init(_ setup: AttachSetup, peer: PeerCredentials) {
        self.container = setup.container
        self.control = ContainerControl(setup.container, health: setup.health, monitor: setup.monitor)
        self.peer = peer
        self.setup = setup
    }

    /// Runs a command, and calls `done` with its answer from any thread.
    func run(_ request: AttachRequest, done: @escaping @Sendable (AttachAnswer) -> Void) {
        guard self.setup.running.begin() else {
            let reason = "\(RunningCommands.limit) commands of the clients of this process are running: try again when one has ended"
            return done(AttachAnswer(id: request.id, error: reason))
        }
        self.note("\(request.command.auditText) by \(self.peer.text) through attach")
        self.state.withLock { state in
            state.started += 1
            let number = state.started
            state.tasks[number] = self.container.environment.startApart {
                let answer = await self.answer(to: request)
                self.state.withLock { $0.tasks[number] = nil }
                self.setup.running.end()
                done(answer)
            }
        }
    }

    /// Cancels the commands, closes the scopes, and releases the leases of the client, whose connection has ended. Does not wait for that.
    ///
    /// Closes have a budget. A command that is still running closes what it opens itself.
    func end() {
        let (hasActed, tasks, scopes) = self.state.withLock { state in
            defer { state.opened = [:] }
            state.isOver = true
            return (state.started > 0, Array(state.tasks.values), Array(state.opened.values))
        }
        guard hasActed else { return }
        self.container.environment.startApart {
            // Apart, because a handler of the cancellation can be application code.
            for task in tasks { task.cancel() }
            await self.close(scopes)
        }
    }

    private func close(_ scopes: [Scope]) async {
        let released = await self.control.releaseAll()
        if !released.isEmpty {
            let leases = released.count == 1 ? "a lease is" : "\(released.count) leases are"
            self.note("\(leases) released: its client \(self.peer.text) is gone")
        }
        // All at once, so that the budget of one is that of all.
        await withTaskGroup(of: Void.self) { group in
            for scope in scopes.sorted(by: { $0.id < $1.id }) where scope.report == nil {
                self.note("\(scope.id) closes: its client \(self.peer.text) is gone")
                group.addTask { _ = try? await scope.close(within: AttachLimits.orphanClose) }
            }
        }
    }

    private func note(_ text: String) {
        self.container.note(text)
        self.setup.log(text)
    }

    // MARK: Commands

    private func answer(to request: AttachRequest) async -> AttachAnswer {
        var answer = AttachAnswer(id: request.id)
        do {
            try await self.perform(request.command, &answer)
        } catch {
            answer.error = UserCode.text(of: error)
        }
        return answer
    }

    private func perform(_ command: AttachCommand, _ answer: inout AttachAnswer) async throws {
        switch command {
        case .watch: break
        case .openScope(let parent, let name):
            let id = try await self.control.openScope(in: parent, name: name)
            answer.scope = id
            // The scope is absent if it was closed in between.
            if let scope = self.container.scope(id), !self.keep(scope) { await self.close([scope]) }
        case .closeScope(let scope, let force):
            answer.report = try await self.control.closeScope(scope, force: force)
            let closed = self.state.withLock { $0.opened.removeValue(forKey: scope) }
            // The last reference is released without the lock.
            withExtendedLifetime(closed) {}
        case .get(let binding, let scope): answer.resource = try await self.control.get(binding, in: scope)
        case .checkHealth(let resource): answer.count = try await self.control.checkHealth(of: resource)
        case .lease(let pool):
            answer.texts = [try await self.control.lease(from: pool)]
            if self.state.withLock({ $0.isOver }) { await self.close([]) }
        case .release: answer.texts = [try await self.control.release()]
        case .releaseAll: answer.texts = await self.control.releaseAll()
        case .breakLease(let pool): answer.texts = [try await self.control.breakLease(of: pool)]
        case .inject(let fault, let binding): try await self.control.inject(fault, into: binding)
        }
    }

    /// Remembers a scope that the client opened. Returns false if the client is gone.
    private func keep(_ scope: Scope) -> Bool {
        self.state.withLock { state in
            if state.isOver { return false }
            state.opened[scope.id] = scope
            return true
        }
    }
}

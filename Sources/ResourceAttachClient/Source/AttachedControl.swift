import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The commands on the container of an attached process. Each is sent to the process, which carries it out, and awaits its answer.
///
/// A command that is not allowed is not sent; its error states what would allow it. Findings are suppressed in this program only.
struct AttachedControl: DashboardControl {
    let link: AttachLink
    let gate: ActingGate
    /// The process in words, such as `shop 4711@web1`.
    let process: @Sendable () -> String

    func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID {
        guard let scope = try await self.perform(.openScope(in: parent, name: name)).scope else { throw self.incomplete(.openScope) }
        return scope
    }

    func closeScope(_ scope: ScopeID, force: Bool) async throws -> DisposeReport {
        guard let report = try await self.perform(.closeScope(scope, force: force)).report else { throw self.incomplete(.closeScope) }
        return report
    }

    func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID {
        guard let resource = try await self.perform(.get(binding, in: scope)).resource else { throw self.incomplete(.get) }
        return resource
    }

    func checkHealth(of resource: ResourceID?) async throws -> Int {
        guard let count = try await self.perform(.checkHealth(resource)).count else { throw self.incomplete(.checkHealth) }
        return count
    }

    func lease(from pool: ResourceID) async throws -> String {
        try await self.text(.lease(pool))
    }

    func release() async throws -> String {
        try await self.text(.release)
    }

    func releaseAll() async -> [String] {
        // A client that may not act has no leases. The server releases the leases of a client that is gone.
        guard let answer = try? await self.perform(.releaseAll) else { return [] }
        return (answer.texts ?? []).map(\.asSentence)
    }

    func breakLease(of pool: ResourceID) async throws -> String {
        try await self.text(.breakLease(pool))
    }

    func inject(_ fault: InjectedFault, into binding: BindingID) async throws {
        _ = try await self.perform(.inject(fault, binding))
    }

    func allowFinding(named name: String) async throws {
        let fault: FindingRulesError? = self.link.withFigures { figures in
            do throws(FindingRulesError) {
                try figures.allow(named: name)
                return nil
            } catch {
                return error
            }
        }
        if let fault { throw fault }
        self.link.change { _ in }
    }

    private func text(_ command: AttachCommand) async throws(AttachFailure) -> String {
        guard let text = try await self.perform(command).texts?.first else { throw self.incomplete(command.name) }
        return text.asSentence
    }

    private func perform(_ command: AttachCommand) async throws(AttachFailure) -> AttachAnswer {
        if let refusal = self.gate.refusal(of: command.name, by: self.process(), self.link.header?.attach) { throw AttachFailure(refusal) }
        return try await self.link.perform(command)
    }

    private func incomplete(_ name: AttachCommand.Name) -> AttachFailure {
        AttachFailure("\(self.process()) answered \(name.rawValue) without a result")
    }
}

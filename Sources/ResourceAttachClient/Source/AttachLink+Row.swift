import LocalSockets
import ResourceContainer
import ResourceDashboard
import ResourceRecording

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension AttachLink {
    /// Whether the process has ended, or refuses the connection.
    var isOver: Bool {
        self.state.withLock { $0.process.isOver }
    }

    /// The process in words, such as `shop 4711@web1`.
    func words(_ id: ProcessID) -> String {
        guard let container = self.container else { return id.text }
        let host = self.description?.host.asName ?? ""
        return "\(container.asName) \(id.text)\(host.isEmpty ? "" : "@\(host)")"
    }

    /// The gate for commands of this program's user.
    func gate(acts: Bool) -> ActingGate {
        let user = geteuid()
        let folders = SocketFolders(environment: .current, user: user)
        return ActingGate(hasConsent: acts, user: self.endpoint.isLocal ? user : nil, target: self.endpoint.argument(in: folders))
    }

    /// The process as a row. Figures are those of the last input, whether an update contained it or not.
    func row(_ id: ProcessID, successor: ProcessID?, _ gate: ActingGate) -> ProcessRow {
        let status = self.status
        let (header, shown, uptime) = self.withFigures { ($0.header, $0.shown, $0.uptime) }
        let description = header?.attach ?? self.probed?.description
        return ProcessRow(
            id: id,
            pid: description?.pid ?? 0,
            name: self.container?.asName ?? self.endpoint.description,
            host: description?.host.asName ?? "",
            uptime: uptime,
            status: status,
            scopes: shown?.scopes,
            active: shown?.active,
            pool: shown?.pool,
            waiting: shown?.waiting,
            findings: shown?.findings,
            worstFinding: shown?.worst,
            health: shown?.health,
            mayAct: description?.mayAct ?? false,
            actsWithConsent: gate.hasConsent,
            refusal: gate.refusal(by: self.words(id), description),
            attention: shown?.attention ?? [],
            successor: successor,
            clock: header?.clock
        )
    }
}

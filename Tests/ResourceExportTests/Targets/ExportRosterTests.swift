import LocalSockets
import ResourceAttachClient
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import Testing

@testable import ResourceExport

@Suite("The processes that the exporter knows")
struct ExportRosterTests {
    private let begin = TimeSource.Instant(nanoseconds: 0)
    private var roster = ExportRoster()

    /// Two different files, as the sockets of two runs at one path.
    private static let files = [FileStatus(of: "/"), FileStatus(of: "/tmp")].compactMap { $0 }

    private static func socket(_ pid: Int32, in folder: String = "/run", run: Int = 0) -> ListedSocket {
        ListedSocket(process: LocalProcess(pid: pid, number: 0, path: "\(folder)/\(pid)-0.sock"), status: Self.files[run])
    }

    /// Compares `sockets` with the known ones, all of whose connections have `status`.
    private mutating func update(_ sockets: [ListedSocket], after time: Duration = .zero, _ status: ConnectionStatus?) -> [ExportRoster
        .Change]
    {
        self.roster.update(sockets, at: self.begin + time) { _ in status }
    }

    @Test("A new socket is connected once, in the order of the processes.")
    mutating func connecting() {
        let sockets = [Self.socket(20), Self.socket(3)]
        #expect(self.update(sockets, nil) == sockets.map { .connect($0.process) })
        #expect(self.update(sockets, .live(lag: nil)) == [])
        #expect(self.roster.processes.map(\.pid) == [3, 20])
    }

    @Test("A process that ended its stream is forgotten at once.")
    mutating func goodbye() {
        _ = self.update([Self.socket(3)], nil)
        #expect(self.update([], .ended(at: nil, how: "the server was stopped")) == [.forget("/run/3-0.sock")])
        #expect(self.roster.processes.isEmpty)
    }

    @Test("A process that ended without goodbye is listed for a quarter of an hour.")
    mutating func killed() {
        _ = self.update([Self.socket(3)], nil)
        let ended = ConnectionStatus.ended(at: nil, how: AttachedProcess.withoutGoodbye)
        // Its socket is left behind.
        #expect(self.update([Self.socket(3)], ended) == [])
        #expect(self.update([Self.socket(3)], after: ExportRoster.mourning - .seconds(1), ended) == [])
        #expect(self.roster.processes.count == 1)
        let late = self.update([], after: ExportRoster.mourning, ended)
        #expect(late == [.forget("/run/3-0.sock")])
    }

    @Test("A process that restarts with the number of a killed one is connected at once.")
    mutating func replaced() {
        _ = self.update([Self.socket(1)], nil)
        let next = Self.socket(1, run: 1)
        let changes = self.update([next], .ended(at: nil, how: AttachedProcess.withoutGoodbye))
        #expect(changes == [.forget("/run/1-0.sock"), .connect(next.process)])
    }

    @Test("A process that refuses is tried again every half minute, and forgotten with its socket.")
    mutating func refused() {
        let sockets = [Self.socket(3)]
        _ = self.update(sockets, nil)
        let refused = ConnectionStatus.refused("16 clients are attached")
        #expect(self.update(sockets, refused) == [])
        #expect(self.update(sockets, after: .seconds(29), refused) == [])
        #expect(self.update(sockets, after: .seconds(30), refused) == [.retry("/run/3-0.sock")])
        #expect(self.update(sockets, after: .seconds(31), refused) == [])
        #expect(self.update([], after: .seconds(32), refused) == [.forget("/run/3-0.sock")])
    }

    @Test("Sockets with the same numbers are all connected: processes of several containers may each be number 1 in theirs.")
    mutating func sameNumbers() {
        let sockets = [Self.socket(1), Self.socket(1, in: "/tmp")]
        #expect(self.update(sockets, nil) == sockets.map { .connect($0.process) })
    }

    @Test("Of two targets with the same numbers, the one with figures has the page, and the other is a problem with its path.")
    func sameTargets() {
        let answered = ExportTarget(id: "7-0", label: "7", container: "shop", report: ResourceMonitor(Container("shop")).report())
        let ended = ExportTarget(id: "7-0", label: "7", container: "mail", problem: "the process has ended")
        let silent = ExportTarget(id: "7-0", label: "7", problem: "16 clients are attached")
        let (targets, problems) = ExportTarget.unique([("/a", ended), ("/b", answered), ("/c", silent)])
        #expect(targets.map(\.container) == ["shop"])
        #expect(
            problems == [
                "/a is not exported: /b has the same numbers, 7-0",
                "/c is not exported: 16 clients are attached",
            ]
        )
    }
}

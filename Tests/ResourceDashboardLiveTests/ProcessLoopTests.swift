import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceSimulation
import Testing

@testable import ResourceDashboardLive

@Suite("Loop over several processes")
struct ProcessLoopTests {
    private static let (shopID, mailID, nextID) = (ProcessID("4711"), ProcessID("4823"), ProcessID("4901"))

    private let terminal = FakeTerminal()
    private let time = ManualTime()
    private let shop: FakeSource
    private let mail: FakeSource
    private let next: FakeSource
    private let container = Container("mail")
    private let directory: FakeDirectory

    init() {
        self.shop = FakeSource(container: "shop", process: Self.shopID)
        self.mail = FakeSource(container: "mail", process: Self.mailID, control: ContainerControl(self.container))
        self.next = FakeSource(container: "shop", process: Self.nextID)
        self.directory = FakeDirectory([Self.row(Self.shopID, "shop"), Self.row(Self.mailID, "mail")], [self.shop, self.mail, self.next])
    }

    private static func row(_ id: ProcessID, _ name: String, _ status: ConnectionStatus = .live(lag: nil)) -> ProcessRow {
        ProcessRow(id: id, pid: 1, name: name, host: "web1", status: status, mayAct: true, actsWithConsent: true)
    }

    private func start(follows: Bool = false) -> Task<DashboardOutcome, Never> {
        let state = DashboardState(
            configuration: DashboardConfiguration(
                clock: WallClock(originNanoseconds: 0),
                size: self.terminal.size,
                processes: self.directory.rows(),
                process: Self.shopID
            )
        )
        let loop = DashboardLoop(
            terminal: self.terminal,
            source: self.shop,
            state: state,
            rate: 4,
            followsSuccessor: follows,
            time: self.time.source
        )
        return Task {
            var loop = loop
            return await loop.run()
        }
    }

    private func quit(_ run: Task<DashboardOutcome, Never>) async -> DashboardOutcome {
        self.terminal.send(.signal(15))
        return await run.value
    }

    /// Lets seconds pass until a condition holds.
    private func pass(until isMet: () -> Bool) async {
        while !isMet() {
            self.time.pass(.seconds(1))
            await Task.yield()
        }
    }

    @Test("The keys of processes show another process, and the one that is left keeps its view.")
    func switching() async {
        let run = self.start()
        await self.terminal.frame { $0.contains(" shop 4711@web1 ") }
        self.terminal.type("3)")
        await self.terminal.frame { $0.contains(" mail 4823@web1 ") && $0.contains(" Overview ▸ ") }
        self.terminal.type("2(")
        await self.terminal.frame { $0.contains(" shop 4711@web1 ") && $0.contains(" Resources ▸ ") }
        self.terminal.type("9G")
        self.terminal.send(.input(.key(Key(.enter))))
        await self.terminal.frame { $0.contains(" mail 4823@web1 ") && $0.contains(" Scopes ▸ ") }
        #expect(await self.quit(run).reason == .signal(15))
    }

    @Test("The loop requests an update of a hidden process once a second, and of the shown one without delay.")
    func hiddenUpdates() async {
        let run = self.start()
        await self.shop.asked(1)
        await self.mail.asked(1)
        for count in 2...3 {
            self.shop.update()
            await self.shop.asked(count)
        }
        self.mail.update()
        let frames = self.terminal.frameCount
        self.terminal.type("2")
        await self.terminal.frames(atLeast: frames + 1)
        #expect(self.mail.asked == 1)
        await self.pass { self.mail.asked == 2 }
        #expect(self.shop.asked == 3)
        _ = await self.quit(run)
    }

    @Test("Both processes run while the dashboard is attached, and end with it.")
    func running() async {
        let run = self.start()
        _ = await self.shop.began.wait()
        _ = await self.mail.began.wait()
        _ = await self.quit(run)
        _ = await self.shop.ended.wait()
        _ = await self.mail.ended.wait()
        #expect(self.terminal.log == ["close", "release"])
    }

    @Test("A change of a connection is shown without an update.")
    func connection() async {
        let run = self.start()
        await self.terminal.frame { $0.contains("LIVE") }
        self.directory.set([Self.row(Self.shopID, "shop", .silent(for: .seconds(4))), Self.row(Self.mailID, "mail")])
        await self.terminal.frame { $0.contains("silent for 0:04") && !$0.contains("LIVE") }
        self.directory.set([Self.row(Self.shopID, "shop", .reconnecting(in: .seconds(2))), Self.row(Self.mailID, "mail")])
        await self.terminal.frame { $0.contains("reconnecting, next in 2s") }
        self.terminal.type("R")
        await self.directory.reconnectRequested()
        #expect(self.directory.reconnected == [Self.shopID])
        _ = await self.quit(run)
    }

    @Test("The past of a process is requested when the process is first shown, and is shown before the next update.")
    func past() async {
        self.mail.keepPast()
        let run = self.start()
        self.mail.update()
        await self.mail.asked(1)
        #expect(!self.mail.isPastWanted)
        self.terminal.type(")")
        await self.terminal.frame { $0.contains(" mail 4823@web1 ") }
        #expect(self.mail.isPastWanted)
        self.mail.update()
        await self.pass { !self.mail.hasPast }
        _ = await self.quit(run)
    }

    /// Ends the process `shop`, whose successor is `next`.
    private func replaceShop() {
        var ended = Self.row(Self.shopID, "shop", .ended(at: nil, how: "closed"))
        ended.successor = Self.nextID
        self.directory.set([ended, Self.row(Self.mailID, "mail"), Self.row(Self.nextID, "shop")])
    }

    @Test("A new process is read as soon as it has a row, and the user goes to the successor of one that has ended.")
    func successor() async {
        let run = self.start()
        await self.terminal.frame { $0.contains("LIVE") }
        self.replaceShop()
        await self.next.asked(1)
        await self.terminal.frame { $0.contains("ended, closed") && $0.contains("shop is back as 4901: R") }
        self.terminal.type("R")
        await self.terminal.frame { $0.contains(" shop 4901@web1 ") }
        _ = await self.quit(run)
    }

    @Test("A loop that follows goes to the successor by itself, in the same view.")
    func follows() async {
        let run = self.start(follows: true)
        self.terminal.type("3")
        await self.terminal.frame { $0.contains(" Resources ▸ ") }
        self.replaceShop()
        await self.terminal.frame { $0.contains(" shop 4901@web1 ") && $0.contains(" Resources ▸ ") }
        #expect(self.terminal.screen.contains("4711 has ended; 4901 has taken its place"))
        _ = await self.quit(run)
    }

    @Test("A loop that follows passes over a successor that ended before it was seen.")
    func followsChain() async {
        let run = self.start(follows: true)
        await self.terminal.frame { $0.contains("LIVE") }
        let short = ProcessID("4900")
        var rows = [Self.row(Self.shopID, "shop", .ended(at: nil, how: "closed")), Self.row(short, "shop", .ended(at: nil, how: "closed"))]
        rows[0].successor = short
        self.directory.set(rows)
        await self.terminal.frame { $0.contains("ended, closed") && $0.contains("4711@web1") }
        rows[1].successor = Self.nextID
        self.directory.set(rows + [Self.row(Self.nextID, "shop")])
        await self.terminal.frame { $0.contains(" shop 4901@web1 ") }
        #expect(self.terminal.screen.contains("4711 has ended; 4901 has taken its place"))
        _ = await self.quit(run)
    }

    @Test("A scope that the user opened in a process is closed at the end, whichever process is shown.")
    func closing() async {
        let run = self.start()
        self.terminal.type(")2")
        await self.terminal.frame { $0.contains(" mail 4823@web1 ") }
        self.mail.update()
        await self.terminal.frame { $0.contains("Scopes 1 open") }
        self.terminal.type("o")
        await self.terminal.frame { $0.contains("opened a scope in mail") }
        self.terminal.type("(")
        await self.terminal.frame { $0.contains(" shop 4711@web1 ") }
        #expect(self.container.snapshot().scopes.count == 2)
        let outcome = await self.quit(run)
        #expect(outcome.closed.map(\.name) == ["manual-1"])
        #expect(self.container.snapshot().scopes.count == 1)
    }
}

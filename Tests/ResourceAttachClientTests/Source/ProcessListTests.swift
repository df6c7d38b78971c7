import ResourceContainer
import ResourceDashboard
import ResourceRecording
import Testing

@testable import ResourceAttachClient

@Suite("Attached processes")
struct ProcessListTests {
    private static func socket(_ pid: Int32, _ number: Int = 0) -> AttachEndpoint {
        .socket(path: "/run/resmon/\(pid)-\(number).sock", pid: pid)
    }

    @Test("The identity is the process's number, with the container's if it is not the first, and is unique.")
    func identities() {
        var list = ProcessList()
        let dial = AttachEndpoint.command(["ssh", "web2"])
        let ids = [
            list.add(Self.socket(4711), nil, after: nil),
            list.add(Self.socket(4711, 1), nil, after: nil),
            list.add(dial, ServedStream.description(), after: nil),
            list.add(dial, nil, after: nil),
        ]
        #expect(ids.map(\.text) == ["4711", "4711-1", "4711.2", "'ssh web2'"])
        #expect(list.ids == ids)
        #expect(list.instances == ["run-1"])
    }

    @Test("A successor follows the process that it replaces.")
    func successors() {
        var list = ProcessList()
        let shop = list.add(Self.socket(4711), nil, after: nil)
        let mail = list.add(Self.socket(4823), nil, after: nil)
        let next = list.add(Self.socket(4901), ServedStream.description(instance: "run-2"), after: shop)
        #expect(list.ids == [shop, next, mail])
        #expect(list.successor(of: shop) == next)
        #expect(list.successor(of: next) == nil)
    }

    private static func process(_ pid: Int32, _ instance: String, container: String = "shop", program: String = "Shop", started: Int64)
        -> LocalProcess
    {
        var description = ServedStream.description(instance: instance)
        description.pid = pid
        description.program = program
        description.started = started
        var process = LocalProcess(pid: pid, number: 0, path: "/run/resmon/\(pid)-0.sock")
        process.container = container
        process.description = description
        return process
    }

    private static func ended(_ description: AttachDescription, lastSeen: Int64? = nil) -> EndedProcess {
        EndedProcess(id: ProcessID("4711"), endpoint: Self.socket(4711), container: "shop", description: description, lastSeen: lastSeen)
    }

    @Test("A run that began well before the end of another one ran beside it, and does not replace it.")
    func beside() {
        var description = ServedStream.description()
        description.started = 100_000_000_000
        let ended = Self.ended(description, lastSeen: 900_000_000_000)
        let beside = Self.process(4800, "beside", started: 300_000_000_000)
        let overlapping = Self.process(4900, "overlapping", started: 896_000_000_000)
        let later = Self.process(4950, "later", started: 2_000_000_000_000)
        #expect(ended.successor(among: [beside], except: []) == nil)
        #expect(ended.successor(among: [beside, overlapping], except: [])?.pid == 4900)
        #expect(ended.successor(among: [beside, later], except: [])?.pid == 4950)
    }

    @Test("The successor is the latest later run of the same program with the same container.")
    func successor() {
        var description = ServedStream.description()
        description.started = 100
        let ended = Self.ended(description)
        let found = [
            Self.process(4700, "earlier", started: 50),
            Self.process(4800, "later", started: 200),
            Self.process(4900, "latest", started: 300),
            Self.process(4950, "other-container", container: "mail", started: 400),
            Self.process(4960, "other-program", program: "Shop2", started: 400),
        ]
        #expect(ended.successor(among: found, except: ["run-1"])?.pid == 4900)
        #expect(ended.successor(among: found, except: ["run-1", "latest"])?.pid == 4800)
        #expect(ended.successor(among: [], except: []) == nil)
    }

    @Test("A further container of the same process replaces one that was closed.")
    func sameProcess() {
        var description = ServedStream.description()
        description.started = 100
        let ended = Self.ended(description)
        let next = Self.process(4711, "run-2", container: "mail", started: 200)
        #expect(ended.successor(among: [next], except: ["run-1"])?.description?.instance == "run-2")
    }
}

@Suite("When successors are searched for")
struct SuccessorSearchTests {
    private static func at(_ seconds: Int64) -> TimeSource.Instant { TimeSource.Instant(nanoseconds: seconds * 1_000_000_000) }

    private static func ended(_ id: String, _ endpoint: AttachEndpoint) -> EndedProcess {
        EndedProcess(id: ProcessID(id), endpoint: endpoint, container: "shop", description: ServedStream.description(), lastSeen: nil)
    }

    private static let near = Self.ended("4711", .socket(path: "/run/resmon/4711-0.sock", pid: 4711))
    private static let far = Self.ended("web1", .command(["ssh", "web1"]))

    /// The times of the searches for one process within `seconds`, each of which takes no time.
    private static func searches(for process: EndedProcess, within seconds: Int64) -> [Int64] {
        var search = SuccessorSearch()
        return (0..<seconds).filter { second in
            let due = search.due([process], at: Self.at(second))
            search.note(due, at: Self.at(second))
            return !due.isEmpty
        }
    }

    @Test("On this machine, a search follows every two seconds.")
    func local() {
        #expect(Self.searches(for: Self.near, within: 9) == [0, 2, 4, 6, 8])
    }

    @Test("Through a command, the pauses grow to half a minute.")
    func command() {
        #expect(Self.searches(for: Self.far, within: 125) == [0, 2, 6, 14, 30, 60, 90, 120])
    }

    @Test("A command that waits does not delay the search on this machine.")
    func both() {
        var search = SuccessorSearch()
        search.note([Self.near, Self.far], at: Self.at(0))
        search.note([Self.far], at: Self.at(2))
        #expect(search.due([Self.near, Self.far], at: Self.at(3)).map(\.id) == [ProcessID("4711")])
        #expect(search.due([Self.near, Self.far], at: Self.at(6)).count == 2)
    }
}

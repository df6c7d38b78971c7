import LocalSockets
import ResourceContainer
import ResourceMonitoring
import ResourceRecording

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A server that lets `resmon attach` watch a container of this process from another terminal.
///
/// It never delays the container: a client that reads too slowly misses events. It opens a socket in a folder of the process's user, no port.
/// While no client is attached it costs one thread that sleeps and a few descriptors.
///
/// ```swift
/// let attach = ResourceAttach(container, acting: .owner)
/// attach.start()
/// defer { attach.stop() }
/// ```
///
/// Stop it after the container is closed, so that attached dashboards show the teardown and its report. It also stops when its last reference
/// is released.
public final class ResourceAttach: Sendable {
    /// The clients that may act on the container: open and close scopes, lease, check health.
    public enum Acting: Sendable, Hashable {
        /// No client. All clients only watch.
        case nobody
        /// Clients of the process's user and of root. Each act is an event of the container and a line of the log.
        case owner
    }

    /// A server that runs.
    private struct Running: Sendable {
        let mailbox: AttachMailbox
        let path: String
        /// Fulfilled when the thread has ended.
        let done: Promise<Void>
    }

    private let container: Container
    private let health: HealthChecker?
    private let monitor: ResourceMonitor?
    private let flight: FlightRecorder?
    private let acting: Acting
    private let options: AttachOptions
    private let environment: AttachEnvironment
    private let running = Lock<Running?>(nil)

    /// The longest time for which ``stop()`` blocks.
    private static let stopLimit = Duration.seconds(1)

    /// Creates a server that is not started.
    ///
    /// - Parameters:
    ///   - container: The container to serve. It is retained until the server is stopped and released.
    ///   - health: The checker that runs health checks for clients; by default, one for each client that may act.
    ///   - monitor: The monitor of the program, if there is one. Clients then see its figures from before they attached.
    ///   - flight: The flight recorder of the container, if there is one. Clients then see the past that it keeps.
    ///   - acting: The clients that may act.
    ///   - options: Where the socket is, and what is logged.
    public convenience init(
        _ container: Container,
        health: HealthChecker? = nil,
        monitor: ResourceMonitor? = nil,
        flight: FlightRecorder? = nil,
        acting: Acting = .nobody,
        options: AttachOptions = AttachOptions()
    ) {
        self.init(
            container,
            health: health,
            monitor: monitor,
            flight: flight,
            acting: acting,
            options: options,
            environment: .current
        )
    }

    /// Creates a server with another environment than that of the process.
    init(
        _ container: Container,
        health: HealthChecker? = nil,
        monitor: ResourceMonitor? = nil,
        flight: FlightRecorder? = nil,
        acting: Acting,
        options: AttachOptions,
        environment: AttachEnvironment
    ) {
        self.container = container
        self.health = health
        self.monitor = monitor
        self.flight = flight
        self.acting = acting
        self.options = options
        self.environment = environment
    }

    deinit {
        self.running.withLock { $0 }?.mailbox.stop()
    }

    /// The path of the socket; nil while the server does not run.
    public var path: String? {
        self.running.withLock { $0?.path }
    }

    /// Opens the socket and starts to serve. Does nothing if the server already runs.
    ///
    /// It never throws: a program must not fail because it cannot be watched. If the server does not start, the log states the reason.
    /// `RESMON_ATTACH=off` in the environment switches it off. The call blocks while another server holds the lock of a folder, for a second
    /// at most.
    public func start() {
        if self.running.withLock({ $0 != nil }) { return }
        // The user of new files, and the one that clients see.
        let user = geteuid()
        let setup = AttachSetup(
            container: self.container,
            health: self.health,
            monitor: self.monitor,
            flight: self.flight,
            consent: Consent(acting: self.acting, user: user, group: self.options.group),
            options: self.options,
            description: .ofThisProcess(),
            time: .system,
            startedAt: TimeSource.system.now
        )
        let binder = SocketBinder(
            location: SocketLocation(user: user, group: self.options.group),
            environment: self.environment,
            directory: self.options.directory,
            pid: getpid()
        )
        do {
            try self.start(setup, binder)
        } catch {
            setup.log("the server does not start: \(error)")
        }
    }

    private func start(_ setup: AttachSetup, _ binder: SocketBinder) throws(SocketFault) {
        let mailbox = AttachMailbox(
            try SocketFault.describing("no pipe can be opened") { () throws(SystemError) in try WakePipe() }
        )
        let bound = try binder.bound()
        let started = Running(mailbox: mailbox, path: bound.socket.path, done: Promise<Void>())
        let isFirst = self.running.withLock { running in
            if running != nil { return false }
            running = started
            return true
        }
        // Another thread has started the server in the meantime.
        guard isFirst else { return binder.remove(bound.socket) }
        for remark in bound.remarks { setup.log(remark) }
        let hasThread = LibraryThread.start(.attach) {
            let listener = AttachListener(bound.socket, binder, at: setup.time.now) { setup.log($0) }
            var loop = AttachLoop(setup, mailbox, listener)
            loop.run()
            started.done.fulfill(())
        }
        if hasThread { return }
        self.running.withLock { $0 = nil }
        binder.remove(bound.socket)
        throw SocketFault("the system refuses to create a thread")
    }

    /// Ends all streams, closes what clients opened, and removes the socket. Does nothing if the server does not run.
    ///
    /// The call blocks the calling thread until the clients have the end of their streams: a quarter of a second at most, unless the server is
    /// busy at that moment, and never longer than a second. Call it on a thread that may block; `AttachService` does.
    public func stop() {
        let running = self.running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let running else { return }
        running.mailbox.stop()
        // A log that is called on the server's thread may stop the server.
        if LibraryThread.role == .attach { return }
        let time = TimeSource.system
        let deadline = time.schedule(at: time.now + Self.stopLimit) { running.done.fulfill(()) }
        running.done.waitBlocking()
        deadline.cancel()
    }

    // MARK: As a service

    /// Serves, and runs the flight recorder, until `end` returns. Both methods of the server run on a thread that they may block: the
    /// services of a group share the threads of the cooperative pool.
    package func serve(until end: () async -> Void) async {
        await self.apart { $0.start() }
        await withTaskGroup(of: Void.self) { group in
            if let flight = self.flight { group.addTask { await flight.run() } }
            await end()
            group.cancelAll()
        }
        await self.apart { $0.stop() }
    }

    private func apart(_ call: @escaping @Sendable (ResourceAttach) -> Void) async {
        let done = Promise<Void>()
        self.container.environment.startApart {
            call(self)
            done.fulfill(())
        }
        await done.waitThroughCancellation()
    }
}

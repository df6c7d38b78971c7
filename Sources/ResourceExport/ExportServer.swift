import LocalSockets
import ResourceAttachClient
import ResourceContainer
import ResourceRecording

/// A server of metrics for Prometheus: each container that a process of this machine serves has a page.
///
/// One thread waits in `poll` for clients, and looks for new processes every ``searchInterval``. It needs no third-party server: it answers
/// GET, one request for each connection, of at most ``clientLimit`` clients at once.
package final class ExportServer: Sendable {
    /// The time between two searches for processes.
    package static let searchInterval = Duration.seconds(2)
    /// The largest number of clients at once, each of which has a deadline. A further one takes the place of the oldest that has not sent its
    /// request, and waits if there is none.
    package static let clientLimit = 64

    /// The address, with the port that the system chose.
    package let address: ListenAddress
    private let socket: InternetSocket
    private let wake: WakePipe
    private let discovery: ProcessDiscovery
    private let time: TimeSource
    private let isStopped = Lock(false)
    private let end = Promise<Void>()

    /// The reason why a server does not start, for users.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Listens at an address. ``start()`` begins to answer.
    package init(
        _ address: ListenAddress,
        discovery: ProcessDiscovery = ProcessDiscovery(),
        time: TimeSource = .system
    ) throws(Failure) {
        do throws(SystemError) {
            self.socket = try InternetSocket(address)
            self.wake = try WakePipe()
        } catch {
            throw Failure(description: "no connections are accepted at \(address): \(FileFault.words(error.number))")
        }
        self.address = self.socket.address
        self.discovery = discovery
        self.time = time
    }

    /// Starts the thread. Call it once.
    ///
    /// - Throws: ``Failure`` if the system refuses a thread.
    package func start() throws(Failure) {
        let isRunning = LibraryThread.start(.attach) {
            self.run()
            self.end.fulfill(())
        }
        if !isRunning { throw Failure(description: "too many threads run in this program") }
    }

    /// Ends the server, and returns when its connections are closed.
    package func stop() async {
        self.isStopped.withLock { $0 = true }
        self.wake.wake()
        await self.end.waitThroughCancellation()
    }

    // MARK: The thread

    private struct Client {
        let stream: FileDescriptor
        var exchange: HTTPExchange
    }

    private func run() {
        var links = ExportLinks(self.discovery, time: self.time)
        var clients: [Client] = []
        var answers: [HTTPStatus: Int] = [:]
        var buffer = [UInt8](repeating: 0, count: HTTPRequest.limit)
        var nextSearch = self.time.now
        defer { links.stop() }
        while !self.isStopped.withLock({ $0 }) {
            if self.time.now >= nextSearch {
                links.update()
                nextSearch = self.time.now + Self.searchInterval
            }
            var set = PollSet()
            let woken = set.add(self.wake.number)
            let hasRoom = clients.count < Self.clientLimit || clients.contains(where: \.exchange.isIdle)
            let accepts = hasRoom ? set.add(self.socket.descriptor.number) : nil
            let entries = clients.map {
                set.add($0.stream.number, reads: $0.exchange.wantsInput, writes: !$0.exchange.output.isEmpty)
            }
            let deadline = clients.map(\.exchange.deadline).min().map { min($0, nextSearch) } ?? nextSearch
            set.wait(atMost: deadline - self.time.now)
            if set[woken].answersRead { self.wake.clear() }
            for (index, entry) in entries.enumerated() {
                self.serve(&clients[index], set[entry], &buffer)
                guard let request = clients[index].exchange.request else { continue }
                let (targets, problems) = links.found
                let pages = ExportPages(containers: targets, problems: problems, answers: answers, address: "\(self.address)")
                clients[index].exchange.answer(pages.response(to: request), at: self.time.now)
                self.write(&clients[index])
            }
            for client in clients where client.exchange.isClosed {
                if let status = client.exchange.status { answers[status, default: 0] += 1 }
            }
            clients.removeAll { $0.exchange.isClosed }
            if let accepts, set[accepts].answersRead, Self.makeRoom(in: &clients), let stream = self.socket.accept() {
                clients.append(Client(stream: stream, exchange: HTTPExchange(at: self.time.now)))
            }
        }
    }

    /// Closes the client that has been sending its request for the longest time if there are too many. False if none can be closed.
    private static func makeRoom(in clients: inout [Client]) -> Bool {
        if clients.count < Self.clientLimit { return true }
        guard let oldest = clients.firstIndex(where: \.exchange.isIdle) else { return false }
        clients.remove(at: oldest)
        return true
    }

    private func serve(_ client: inout Client, _ readiness: PollSet.Readiness, _ buffer: inout [UInt8]) {
        if client.exchange.wantsInput, readiness.answersRead {
            switch client.stream.receive(into: &buffer) {
            case .bytes(let count): client.exchange.receive(buffer[..<count], at: self.time.now)
            case .nothing: break
            case .end: client.exchange.receiveEnd()
            case .failed: client.exchange.fail()
            }
        }
        if readiness.answersWrite || !client.exchange.output.isEmpty { self.write(&client) }
        client.exchange.tick(at: self.time.now)
    }

    private func write(_ client: inout Client) {
        let output = client.exchange.output
        if output.isEmpty { return }
        switch client.stream.transmit(output) {
        case .bytes(let count): client.exchange.wrote(count, at: self.time.now)
        case .nothing: break
        case .end, .failed: client.exchange.fail()
        }
        if client.exchange.isAnswered { client.stream.endOutput() }
    }
}

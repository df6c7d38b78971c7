import LocalSockets
import ResourceContainer
import ResourceFeed
import ResourceRecording

/// The questions to all servers: their descriptions and figures, from one loop in `poll`. Each server has the same time to answer.
enum ProcessProbe {
    /// The largest number of connections that are open at once.
    static let atOnce = 256

    /// One question.
    private struct Attempt {
        var process: LocalProcess
        var stream: FileDescriptor?
        var answer: ProbeAnswer
        var request: ArraySlice<UInt8>
    }

    /// Asks each server, and returns those that still exist, in the given order.
    static func run(_ sockets: [FoundSocket], within limit: Duration, time: TimeSource) -> [LocalProcess] {
        var window = ProbeWindow(over: sockets.count, size: Self.atOnce, limit: limit)
        var attempts = [Attempt?](repeating: nil, count: sockets.count)
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let now = time.now
            for index in window.expire(at: now) {
                attempts[index]?.stream = nil
                attempts[index]?.process.problem = "it does not answer: the process is stopped, or has no time"
            }
            while let index = window.admit(at: now) {
                attempts[index] = Self.open(sockets[index], ProbeAnswer(FeedReader(on: time)))
                if attempts[index]?.stream == nil { window.leave(index) }
            }
            guard let deadline = window.deadline else { break }
            let open = window.open
            var set = PollSet()
            let entries = open.map { index in
                set.add(attempts[index]?.stream?.number ?? -1, writes: !(attempts[index]?.request.isEmpty ?? true))
            }
            set.wait(atMost: deadline - now)
            for (entry, index) in zip(entries, open) {
                guard var attempt = attempts[index].take() else { continue }
                if set[entry].answersWrite { Self.write(&attempt) }
                if set[entry].answersRead { Self.read(&attempt, &buffer, at: time.now) }
                if attempt.stream == nil { window.leave(index) }
                attempts[index] = attempt
            }
        }
        return attempts.compactMap { $0?.process }
    }

    /// Connects; nil if the server has ended.
    private static func open(_ socket: FoundSocket, _ answer: ProbeAnswer) -> Attempt? {
        let request = AttachRequest(id: 1, command: .watch(.summary, last: nil)).line
        var attempt = Attempt(process: socket.process, answer: answer, request: request[...])
        do throws(SystemError) {
            let (stream, peer) = try socket.folder.connect(to: socket.name)
            attempt.stream = stream
            if let pid = peer.pid { attempt.process.pid = pid }
        } catch {
            guard !error.isAbsence else { return nil }
            attempt.process.problem = "no connection: \(error.words)"
        }
        return attempt
    }

    private static func write(_ attempt: inout Attempt) {
        guard let stream = attempt.stream, !attempt.request.isEmpty else { return }
        switch stream.transmit(attempt.request) {
        case .bytes(let count): attempt.request = attempt.request.dropFirst(count)
        case .nothing: break
        case .end, .failed: attempt.request = []
        }
    }

    private static func read(_ attempt: inout Attempt, _ buffer: inout [UInt8], at now: TimeSource.Instant) {
        guard let stream = attempt.stream else { return }
        switch stream.receive(into: &buffer) {
        case .nothing: return
        case .bytes(let count): attempt.answer.take(buffer[..<count], at: now)
        case .end, .failed: attempt.answer.end()
        }
        guard attempt.answer.isComplete else { return }
        attempt.stream = nil
        attempt.process.container = attempt.answer.header?.container
        attempt.process.description = attempt.answer.header?.attach
        attempt.process.summary = attempt.answer.summary
        attempt.process.problem = attempt.answer.problem
    }
}

import LocalSockets
import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The loading of the past that a server's flight recorder keeps, over a separate connection.
struct PastLoader {
    let endpoint: AttachEndpoint
    /// The run whose past is wanted.
    let instance: String
    let time: TimeSource

    /// The longest time that loading takes. A command such as `ssh` first has to connect.
    private var limit: Duration { self.endpoint.isLocal ? .seconds(5) : .seconds(20) }

    /// Returns the past as updates, oldest first. Empty if the server cannot be reached or is that of another run; a part of the past if its
    /// stream breaks or takes too long.
    ///
    /// - Parameters:
    ///   - reach: The time that the past reaches back, as the server announced.
    ///   - last: The last event of the past.
    ///   - wake: The pipe that ends a wait, for a stop.
    ///   - isStopped: Whether the loading ends early.
    func load(reach: Duration, until last: AttachedPast.End, wake: WakePipe, isStopped: () -> Bool) -> [MonitorUpdate] {
        guard var connection = try? WatchConnection(self.endpoint, .past, time: self.time) else { return [] }
        defer { connection.close() }
        var past = AttachedPast(reach: reach, until: last)
        var reader = StreamReader()
        let end = self.time.now + self.limit
        var isOver = false
        while !isOver, self.time.now < end, !isStopped() {
            switch connection.next(until: end, wake) {
            case .nothing: break
            case .lines(let lines):
                for line in lines where !isOver { isOver = !self.take(line, &reader, into: &past) || past.isComplete }
            case .end: isOver = true
            }
        }
        past.finish()
        return past.updates
    }

    /// Applies a line. Returns false at the end of the past, and for a line that cannot be used.
    private func take(_ line: [UInt8], _ reader: inout StreamReader, into past: inout AttachedPast) -> Bool {
        guard let items = try? reader.take(line: line[...]) else { return false }
        for item in items {
            switch item {
            case .header(let header): if header.attach?.instance != self.instance { return false }
            case .begin(let replay, let time): past.begin(replay, at: time)
            case .input(let input): past.take(input)
            case .answer, .end: return false
            case .beat, .report: break
            }
        }
        return true
    }
}

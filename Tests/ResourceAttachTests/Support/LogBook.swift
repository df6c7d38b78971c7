import ResourceContainer

/// The lines of a log.
final class LogBook: Sendable {
    private let list = Lock<[String]>([])

    var lines: [String] { self.list.withLock { $0 } }

    func add(_ line: String) {
        self.list.withLock { $0.append(line) }
    }
}

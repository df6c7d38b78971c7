import ResourceContainer

/// An ordered record of the actions of the page's example types.
final class Journal: Sendable {
    private let lines = Lock<[String]>([])

    func write(_ line: String) {
        self.lines.withLock { $0.append(line) }
    }

    var entries: [String] {
        self.lines.withLock { $0 }
    }
}

/// The page's `DatabaseConfig`.
struct DatabaseConfig: Sendable {
    var database = "users"
    var maxConnections = 2
}

/// A connection to an in-memory server that answers while it is open.
final class RawConnection: Sendable {
    struct NotOpen: Error {}

    let number: Int
    private let open = Lock(true)

    init(_ number: Int = 1) {
        self.number = number
    }

    var isOpen: Bool {
        self.open.withLock { $0 }
    }

    func execute(_ query: String) throws -> String {
        guard self.isOpen else { throw NotOpen() }
        return "\(self.number): \(query)"
    }

    func close() {
        self.open.withLock { $0 = false }
    }
}

/// The page's `DatabaseConnection`.
final class DatabaseConnection: Resource {
    private let config: DatabaseConfig
    private let journal: Journal
    private let connection = Lock<RawConnection?>(nil)

    init(_ config: DatabaseConfig = DatabaseConfig(), _ journal: Journal = Journal()) {
        self.config = config
        self.journal = journal
    }

    func initialize() async throws {
        self.journal.write("+database")
        self.connection.withLock { $0 = RawConnection() }
    }

    func dispose() async throws {
        self.journal.write("-database")
        self.connection.withLock { $0 }?.close()
    }

    func executeQuery(_ query: String) async throws -> String {
        guard let connection = self.connection.withLock({ $0 }) else { throw RawConnection.NotOpen() }
        return try connection.execute(query)
    }
}

/// The page's `CacheConnection` and `CacheClient`.
final class CacheConnection: Resource {
    private let journal: Journal
    private let values = Lock<[String: String]>([:])

    init(_ journal: Journal = Journal()) {
        self.journal = journal
    }

    func initialize() async throws {
        self.journal.write("+cache")
    }

    func dispose() async throws {
        self.journal.write("-cache")
    }

    func set(_ key: String, _ value: String) async {
        self.values.withLock { $0[key] = value }
    }

    func get(_ key: String) async -> String? {
        self.values.withLock { $0[key] }
    }
}

/// Counts how many tasks use a number at the same time.
final class Occupancy: Sendable {
    private let state = Lock((now: [Int: Int](), most: 0))

    func enter(_ number: Int) {
        self.state.withLock { state in
            state.now[number, default: 0] += 1
            state.most = max(state.most, state.now[number, default: 0])
        }
    }

    func leave(_ number: Int) {
        self.state.withLock { $0.now[number, default: 0] -= 1 }
    }

    func now(_ number: Int) -> Int {
        self.state.withLock { $0.now[number, default: 0] }
    }

    /// The maximum for any one number.
    var most: Int {
        self.state.withLock { $0.most }
    }
}

/// An error that a test injects.
struct Refused: Error, CustomStringConvertible {
    var description = "refused"
}

extension Result where Failure == any Error {
    /// The value that `body` returned or the error that it threw.
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

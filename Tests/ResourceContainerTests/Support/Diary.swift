import ResourceContainer

/// An ordered record of the actions of a test's resources.
final class Diary: Sendable {
    private let lines = Lock<[String]>([])

    func write(_ line: String) {
        self.lines.withLock { $0.append(line) }
    }

    var entries: [String] {
        self.lines.withLock { $0 }
    }

    func count(_ line: String) -> Int {
        self.entries.count { $0 == line }
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String
}

/// A resource that records its lifecycle steps in a diary.
final class Thing: Resource {
    let name: String
    private let diary: Diary
    private let onInitialize: @Sendable () async throws -> Void
    private let onDispose: @Sendable () async throws -> Void

    init(
        _ name: String,
        _ diary: Diary,
        onInitialize: @escaping @Sendable () async throws -> Void = {},
        onDispose: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.name = name
        self.diary = diary
        self.onInitialize = onInitialize
        self.onDispose = onDispose
    }

    func initialize() async throws {
        self.diary.write("+\(self.name)")
        try await self.onInitialize()
    }

    func dispose() async throws {
        self.diary.write("-\(self.name)")
        try await self.onDispose()
    }
}

/// A ``Thing`` without suspension.
final class SyncThing: SyncResource {
    let name: String
    private let diary: Diary

    init(_ name: String, _ diary: Diary) {
        self.name = name
        self.diary = diary
    }

    func initialize() throws {
        self.diary.write("+\(self.name)")
    }

    func dispose() throws {
        self.diary.write("-\(self.name)")
    }
}

import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// Uploads, each in a scope of its own; one in seven takes a way out on which nobody closes the scope.
public struct LeakScenario: Scenario {
    public static let name = "leak"
    public static let summary =
        "uploads, of which one in seven is refused and its scope never closed: mark a, wait, mark b, d shows what stayed"
    public static let findings: Set<Finding.Kind> = [.leak]

    private static let workers = 2
    /// One in so many is forgotten.
    public static let forgets = 7

    public init() {}

    public func bind(into container: Container, world: ScenarioWorld) throws {
        try container.bind((any Upstream).self, lifetime: .singleton) { try world.upstream() }
        try container.bind(TransferBuffer.self, options: BindingOptions(allowsFaults: true)) { TransferBuffer() }
        try container.bind(UploadSession.self, options: BindingOptions(allowsFaults: true)) {
            (upstream: any Upstream, buffer: TransferBuffer) in
            UploadSession(upstream: upstream, buffer: buffer)
        }
    }

    public func run(_ container: Container, world: ScenarioWorld) async {
        let numbers = Numbers()
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...Self.workers {
                group.addTask {
                    while !Task.isCancelled {
                        try? await Self.upload(numbers.next(), container, world)
                        try? await world.turn(.milliseconds(100), .milliseconds(400))
                    }
                }
            }
        }
    }

    /// One upload. The error this scenario is about is the early return.
    private static func upload(_ number: Int, _ container: Container, _ world: ScenarioWorld) async throws {
        let scope = try container.openScope(named: "upload-\(number)", tag: "upload")
        do {
            let session = try await scope.get(UploadSession.self)
            try await session.begin()
            if number % Self.forgets == 0 { return }
            try await world.pause(.milliseconds(100), .milliseconds(700))
        } catch {
            // What went wrong is told by whom it concerns.
        }
        _ = try await scope.close()
    }
}

/// A connection for one upload.
final class UploadSession: Resource {
    private let upstream: any Upstream
    private let buffer: TransferBuffer
    private let connection = Lock<(any UpstreamConnection)?>(nil)

    init(upstream: any Upstream, buffer: TransferBuffer) {
        self.upstream = upstream
        self.buffer = buffer
    }

    func initialize() async throws {
        let connection = try await self.upstream.connect()
        self.connection.withLock { $0 = connection }
    }

    func begin() async throws {
        self.buffer.fill()
        try await self.connection.withLock { $0 }?.ask()
    }

    func dispose() async throws {
        try await self.connection.withLock { $0 }?.close()
    }
}

/// Memory for one upload.
final class TransferBuffer: SyncResource {
    private let bytes = Lock<[UInt8]>([])

    func fill() {
        self.bytes.withLock { $0 = Array(repeating: 0, count: 4_096) }
    }

    func dispose() throws {
        self.bytes.withLock { $0 = [] }
    }
}

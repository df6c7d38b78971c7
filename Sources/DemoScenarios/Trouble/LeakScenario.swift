import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A scenario that leaks scopes: each upload has its own scope, and one upload in seven returns early without closing it.
public struct LeakScenario: Scenario {
    /// The scenario's name, `leak`.
    public static let name = "leak"
    /// One line that states what the scenario demonstrates.
    public static let summary =
        "one upload in seven never closes its scope: mark a, wait, mark b; d shows the resources that remain"
    /// The kinds of findings that the monitor raises in the scenario.
    public static let findings: Set<Finding.Kind> = [.leak]

    private static let workers = 2
    /// One upload in `forgets` leaks its scope.
    public static let forgets = 7

    /// Creates the scenario. Nothing is bound or started.
    public init() {}

    /// Binds the scenario's resources.
    public func bind(into container: Container, world: ScenarioWorld) throws {
        try container.bind((any Upstream).self, lifetime: .singleton) { try world.upstream() }
        try container.bind(TransferBuffer.self, options: BindingOptions(allowsFaults: true)) { TransferBuffer() }
        try container.bind(UploadSession.self, options: BindingOptions(allowsFaults: true)) {
            (upstream: any Upstream, buffer: TransferBuffer) in
            UploadSession(upstream: upstream, buffer: buffer)
        }
    }

    /// Runs the scenario's load until the task is canceled.
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

    /// Runs one upload. The mistake of this scenario is the early return.
    private static func upload(_ number: Int, _ container: Container, _ world: ScenarioWorld) async throws {
        let scope = try container.openScope("upload-\(number)", tag: "upload")
        do {
            let session = try await scope.get(UploadSession.self)
            try await session.begin()
            if number % Self.forgets == 0 { return }
            try await world.pause(.milliseconds(100), .milliseconds(700))
        } catch {
            // The resource that failed has reported the error.
        }
        _ = try await scope.close()
    }
}

/// The connection of one upload.
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

/// The memory buffer of one upload.
final class TransferBuffer: SyncResource {
    private let bytes = Lock<[UInt8]>([])

    func fill() {
        self.bytes.withLock { $0 = Array(repeating: 0, count: 4_096) }
    }

    func dispose() throws {
        self.bytes.withLock { $0 = [] }
    }
}

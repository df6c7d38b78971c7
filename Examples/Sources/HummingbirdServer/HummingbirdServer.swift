import Hummingbird
import Logging
import ResourceContainer
import ResourceHummingbird
import ResourceMonitoring
import ResourceService
import ServiceLifecycle
import Synchronization

/// A Hummingbird server with a scope for each request: `HummingbirdServer PORT`.
@main
struct HummingbirdServer {
    static func main() async throws {
        guard let port = CommandLine.arguments.dropFirst().first.flatMap(Int.init) else {
            print("usage: HummingbirdServer PORT")
            return
        }
        let logger = Logger(label: "hummingbird-server", factory: { StreamLogHandler.standardError(label: $0) })
        let container = Container("greetings")
        try container.bind(Visit.self) { Visit() }
        let health = HealthChecker(container)
        let monitor = ResourceMonitor(container, health: health)

        let router = Router()
        let count = RequestCount<BasicRequestContext>()
        router.addContainerRoutes(health: health, monitor: monitor)
        router.get("requests") { _, _ in "\(count.value)\n" }
        router.get("bare") { _, _ in "hello\n" }
        router.add(middleware: count)
        router.add(middleware: ScopeMiddleware(container))
        router.get("hello") { _, _ in try await container.get(Visit.self).greeting }
        router.get("count") { _, _ in
            let visit = try await container.get(Visit.self)
            return Response(
                status: .ok,
                body: ResponseBody { writer in
                    for number in 1...3 { try await writer.write(ByteBuffer(string: "\(number): \(visit.greeting)")) }
                    try await writer.finish(nil)
                }  // the visit ends here
            )
        }

        // Services shut down in reverse order: the server first, the container last.
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            services: [ContainerService(container, logger: logger), Watch(monitor: monitor, health: health)],
            logger: logger
        )
        try await application.runService()
    }
}

/// The resource of one request.
final class Visit: Resource {
    let greeting = "hello\n"
}

/// Counts the requests that the server receives after it, independently of the container.
final class RequestCount<Context: RequestContext>: RouterMiddleware {
    private let count = Atomic(0)

    var value: Int {
        self.count.load(ordering: .relaxed)
    }

    @concurrent
    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        self.count.add(1, ordering: .relaxed)
        return try await next(request, context)
    }
}

/// Updates figures, findings, and health until the group shuts down.
struct Watch: Service {
    let monitor: ResourceMonitor
    let health: HealthChecker

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.monitor.run() }
                group.addTask { await self.health.run() }
            }
        }
    }
}

import Foundation
import HTTPResources
import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Observers of HTTP requests", .timeLimit(.minutes(1)))
struct HTTPObserverTests {
    @TaskLocal private static var span = "none"

    /// A list of the requests and results that an observer receives.
    private final class Log: Sendable {
        struct Entry: Sendable {
            let request: HTTPObserver.Request
            /// The value of the task at the begin and the end.
            var spans: [String]
            var outcomes: [HTTPObserver.Outcome] = []
        }

        private let list = Lock<[Entry]>([])

        var entries: [Entry] {
            self.list.withLock { $0 }
        }

        func observer(headers: [String: String] = [:]) -> HTTPObserver {
            HTTPObserver { request in
                let index = self.list.withLock { list in
                    list.append(Entry(request: request, spans: [HTTPObserverTests.span]))
                    return list.count - 1
                }
                return HTTPObserver.Observation(headers: headers) { outcome in
                    self.list.withLock { list in
                        list[index].outcomes.append(outcome)
                        list[index].spans.append(HTTPObserverTests.span)
                    }
                }
            }
        }
    }

    /// Runs `body` on manual time with a client whose stub answers after a second.
    private func simulate(
        _ configuration: HTTPConfiguration,
        answer: @escaping @Sendable (URL) throws -> HTTPStub.Answer = { _ in HTTPStub.Answer(body: Data("7".utf8)) },
        _ body: @escaping @Sendable (Simulation, HTTPClientPool) async throws -> Void
    ) throws {
        let simulation = Simulation(seed: 11)
        let environment = simulation.environment
        try simulation.run {
            let stub = HTTPStub { _, url, _ in
                try await environment.time.sleep(for: .seconds(1))
                return try answer(url)
            }
            let client = try HTTPClientPool(configuration: configuration, environment: environment, stub: stub)
            try await client.initialize()
            try await body(simulation, client)
            try await client.dispose()
        }
    }

    @Test("An observer adds headers that the request does not have, and receives its status and its durations.")
    func headers() async throws {
        let log = Log()
        let observer = log.observer(headers: ["Traceparent": "00-1-2-01", "Baggage": "a=1", "X-Own": "observer"])
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(headers: ["Baggage": "b=2"], observer: observer)) { client in
                let url = try server.url("/echo?token=s3cret", user: "bob:s3cret@")
                let headers = try await client.get(url, headers: ["X-Own": "request"]).json(Echo.self).headers
                #expect(headers["traceparent"] == "00-1-2-01")
                #expect(headers["baggage"] == "b=2")
                #expect(headers["x-own"] == "request")
                let entry = try #require(log.entries.first)
                #expect(log.entries.count == 1)
                #expect(entry.request.method == .get)
                #expect(entry.request.url == "http://127.0.0.1:\(server.port)/echo?…")
                #expect(entry.request.scheme == "http")
                #expect(entry.request.host == "127.0.0.1")
                #expect(entry.request.port == Int(server.port))
                #expect(entry.request.resends == 0)
                let outcome = try #require(entry.outcomes.first)
                #expect(outcome.status == 200)
                #expect(outcome.phase == .receiving)
                #expect(outcome.error == nil)
                let durations = outcome.durations
                let steps = durations.resolving + durations.connecting + durations.sending + durations.waiting + durations.receiving
                #expect(steps == durations.total)
                #expect(durations.total > .zero)
            }
        }
    }

    @Test("Each redirect and each attempt is one observation, with the number of requests before it.")
    func resends() throws {
        let log = Log()
        let attempts = Lock(0)
        try self.simulate(HTTPConfiguration(observer: log.observer())) { url in
            if url.host() == "a.local" { return HTTPStub.Answer(status: 302, headers: ["Location": "http://b.local/"]) }
            let attempt = attempts.withLock { attempts in
                attempts += 1
                return attempts
            }
            return HTTPStub.Answer(status: attempt == 1 ? 503 : 200)
        } _: { _, client in
            let response = try await client.get("http://a.local/", retry: .standard)
            #expect(response.status == 200)
        }
        #expect(log.entries.map(\.request.host) == ["a.local", "b.local", "a.local", "b.local"])
        #expect(log.entries.map(\.request.resends) == [0, 1, 2, 3])
        #expect(log.entries.map { $0.outcomes.map(\.status) } == [[302], [503], [302], [200]])
        #expect(log.entries.map { $0.outcomes.map(\.durations.total) } == Array(repeating: [.seconds(1)], count: 4))
    }

    @Test("Observers are combined: the header of the first one is sent, and the last one is notified of the end first.")
    func combined() async throws {
        let ended = Lock<[String]>([])
        func observer(_ name: String, _ headers: [String: String]) -> HTTPObserver {
            HTTPObserver { _ in HTTPObserver.Observation(headers: headers) { _ in ended.withLock { $0.append(name) } } }
        }
        let both = HTTPObserver(combining: [observer("a", ["X-A": "1"]), observer("b", ["x-a": "2", "X-B": "3"])])
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(observer: both)) { client in
                let headers = try await client.get(server.url("/echo")).json(Echo.self).headers
                #expect(headers["x-a"] == "1")
                #expect(headers["x-b"] == "3")
                #expect(ended.withLock { $0 } == ["b", "a"])
            }
        }
    }

    @Test("The functions of an observer run in the task of the request.")
    func taskLocalValues() throws {
        let log = Log()
        try self.simulate(HTTPConfiguration(observer: log.observer())) { _, client in
            _ = try await Self.$span.withValue("checkout") { try await client.get("http://a.local/") }
        }
        #expect(log.entries.map(\.spans) == [["checkout", "checkout"]])
    }

    @Test("A failed, a canceled, and a refused request are reported once, with their errors.")
    func failures() throws {
        let log = Log()
        let configuration = HTTPConfiguration(timeout: .milliseconds(500), observer: log.observer())
        try self.simulate(configuration) { simulation, client in
            let late = await #expect(throws: HTTPError.self) { try await client.get("http://a.local/") }
            #expect(late?.code == .timedOut)
            let left = simulation.spawn { _ = try? await client.get("http://a.local/", timeout: .seconds(30)) }
            try await simulation.environment.time.sleep(for: .milliseconds(100))
            left.cancel()
            await left.value
        }
        let entries = log.entries
        #expect(entries.map(\.outcomes.count) == [1, 1])
        let codes = entries.map { ($0.outcomes.first?.error as? HTTPError)?.code }
        #expect(codes == [.timedOut, nil])
        #expect(entries.last?.outcomes.first?.error is CancellationError)
        #expect(entries.map { $0.outcomes.first?.phase } == [.waiting, .waiting])
        #expect(entries.map { $0.outcomes.first?.durations.waiting } == [.milliseconds(500), .milliseconds(100)])
    }

    @Test("A response that is read in chunks ends when the closure returns or throws.")
    func streams() throws {
        struct Broken: Error {}
        let log = Log()
        try self.simulate(HTTPConfiguration(observer: log.observer())) { simulation, client in
            try await client.withResponse(.get, "http://a.local/") { _ in
                #expect(log.entries.map(\.outcomes.count) == [0])
                try await simulation.environment.time.sleep(for: .seconds(2))
            }
            await #expect(throws: Broken.self) { try await client.withResponse(.get, "http://a.local/") { _ in throw Broken() } }
        }
        #expect(log.entries.map { $0.outcomes.map(\.status) } == [[200], [200]])
        #expect(log.entries.first?.outcomes.first?.error == nil)
        #expect(log.entries.first?.outcomes.first?.durations.waiting == .seconds(1))
        #expect(log.entries.first?.outcomes.first?.durations.receiving == .seconds(2))
        #expect(log.entries.last?.outcomes.first?.error is Broken)
    }

    @Test(
        "A request whose observer adds headers that cannot be sent is refused.",
        arguments: [["a b": "c"], ["x": "two\nlines"], ["Content-Length": "7"], ["Transfer-Encoding": "chunked"]]
    )
    func invalidHeaders(headers: [String: String]) throws {
        let log = Log()
        try self.simulate(HTTPConfiguration(observer: log.observer(headers: headers))) { _, client in
            let error = await #expect(throws: HTTPError.self) { try await client.get("http://a.local/") }
            #expect(error?.code == .invalidRequest)
            #expect(error?.description.contains("the observer of the client adds headers that cannot be sent") == true)
            #expect(client.poolSample().leased == 0)
        }
        #expect(log.entries.map(\.outcomes.count) == [1])
        #expect(log.entries.first?.outcomes.first?.phase == nil)
        #expect(log.entries.first?.outcomes.first?.error is HTTPError)
    }

    @Test("Pings, and requests that get no connection, are not observed.")
    func notObserved() throws {
        let log = Log()
        let url = try #require(URL(string: "http://a.local/health"))
        let configuration = HTTPConfiguration(
            maximumConnections: 1,
            acquireBudget: .milliseconds(100),
            pingURL: url,
            pingTimeout: .seconds(5),
            observer: log.observer()
        )
        try self.simulate(configuration) { simulation, client in
            try await client.ping()
            #expect(log.entries.isEmpty)
            let first = simulation.spawn { _ = try? await client.get("http://a.local/") }
            try await simulation.environment.time.sleep(for: .milliseconds(10))
            let refused = await #expect(throws: HTTPError.self) { try await client.get("http://a.local/other") }
            #expect(refused?.code == .noConnection)
            await first.value
        }
        #expect(log.entries.map(\.request.url) == ["http://a.local/"])
    }
}

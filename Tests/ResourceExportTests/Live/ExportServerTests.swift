import Foundation
import LocalSockets
import ResourceAttach
import ResourceAttachClient
import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceExport

@Suite("The exporter over real sockets", .serialized)
struct ExportServerTests {
    /// A folder of sockets that is removed at the end of a test.
    private final class Folder: Sendable {
        let path: String

        init() throws {
            var template = Array("/tmp/resmon-export-XXXXXX".utf8CString)
            try #require(mkdtemp(&template) != nil)
            self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        deinit {
            try? FileManager.default.removeItem(atPath: self.path)
        }
    }

    private struct World {
        let server: ExportServer
        let first: ResourceAttach
        let container: Container
        let folder: String
    }

    /// Runs `body` with an exporter and two containers named `shop` of this process.
    private static func withWorld(_ body: (World) async throws -> Void) async throws {
        let folder = try Folder()
        let containers = [Container("shop"), Container("shop")]
        let servers = containers.map { ResourceAttach($0, options: AttachOptions(directory: folder.path)) }
        for server in servers { server.start() }
        let discovery = ProcessDiscovery(environment: SocketEnvironment(socketDirectory: folder.path))
        let exporter = try ExportServer(ListenAddress(host: "127.0.0.1", port: 0), discovery: discovery)
        try exporter.start()
        do {
            try await body(World(server: exporter, first: servers[0], container: containers[0], folder: folder.path))
        } catch {
            await exporter.stop()
            for server in servers { server.stop() }
            throw error
        }
        await exporter.stop()
        for server in servers { server.stop() }
    }

    /// Sends bytes on a new connection, and returns everything that is answered.
    private static func send(_ text: String, to address: ListenAddress) throws -> String {
        let stream = try Connection(address)
        return stream.exchange(Array(text.utf8))
    }

    private static func get(_ path: String, from address: ListenAddress) throws -> (status: Int, body: String) {
        let answer = try Self.send("GET \(path) HTTP/1.1\r\nHost: \(address)\r\n\r\n", to: address)
        let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let status = answer.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (try #require(status), parts.count == 2 ? String(parts[1]) : "")
    }

    /// Repeats `read` until it returns a value.
    private static func eventually<Value>(_ read: () throws -> Value?) async throws -> Value {
        for _ in 0..<500 {
            if let value = try read() { return value }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try #require(try read())
    }

    @Test("Two containers of one name have two targets, and the page of each is its own report.")
    func targets() async throws {
        try await Self.withWorld { world in
            let scope = try world.container.openScope("work")
            let address = world.server.address
            let paths = try await Self.eventually { () -> [String]? in
                let list = try JSONSerialization.jsonObject(with: Data(try Self.get("/targets", from: address).body.utf8))
                let labels = (list as? [[String: Any]] ?? []).compactMap { $0["labels"] as? [String: String] }
                return labels.count == 2 ? labels.compactMap { $0["__metrics_path__"] } : nil
            }
            let pages = try await Self.eventually { () -> [String]? in
                let pages = try paths.map { try Self.get($0, from: address) }
                return pages.allSatisfy { $0.status == 200 } && pages[0].body.contains("resmon_scopes_open{container=\"shop\"} 1\n")
                    ? pages.map(\.body) : nil
            }
            #expect(pages[1].contains("resmon_scopes_open{container=\"shop\"} 0\n"))
            #expect(pages.allSatisfy { $0.contains("resmon_attach_info{container=\"shop\",pid=\"\(getpid())\",version=") })
            #expect(pages.allSatisfy { $0.contains("resmon_process_start_time_seconds{container=\"shop\"} ") })
            try await scope.close()
        }
    }

    @Test("A process whose socket has the number of another namespace is exported with the number that the system states.")
    func namespace() async throws {
        let folder = try Folder()
        let server = ResourceAttach(Container("shop"), options: AttachOptions(directory: folder.path))
        server.start()
        defer { server.stop() }
        // A process in its own namespace names its socket so.
        let name = try await Self.eventually {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix(".sock") }
        }
        try FileManager.default.moveItem(atPath: "\(folder.path)/\(name)", toPath: "\(folder.path)/1-5.sock")
        let discovery = ProcessDiscovery(environment: SocketEnvironment(socketDirectory: folder.path))
        let exporter = try ExportServer(ListenAddress(host: "127.0.0.1", port: 0), discovery: discovery)
        try exporter.start()
        let page = try await Self.eventually { () -> String? in
            let page = try Self.get("/metrics/\(getpid())-5", from: exporter.address)
            return page.status == 200 ? page.body : nil
        }
        let list = try Self.get("/targets", from: exporter.address).body
        await exporter.stop()
        #expect(page.contains("pid=\"\(getpid())\""))
        #expect(list.contains(":\(getpid())-5\""))
    }

    @Test("With as many clients as there may be, the oldest that has sent no request gives way to the next one.")
    func crowded() async throws {
        try await Self.withWorld { world in
            let address = world.server.address
            let silent = try (0..<ExportServer.clientLimit + 8).map { _ in
                let connection = try Connection(address)
                connection.send(Array("GET /metr".utf8))
                return connection
            }
            #expect(try Self.get("/metrics", from: address).body.contains(#"resmon_export_answers_total{status="408"} 0"#))
            #expect(silent[0].exchange([]) == "")
            withExtendedLifetime(silent) {}
        }
    }

    @Test("A server that stops disappears from the list.")
    func stopping() async throws {
        try await Self.withWorld { world in
            let address = world.server.address
            func count() throws -> Int {
                try Self.get("/targets", from: address).body.components(separatedBy: "__metrics_path__").count - 1
            }
            _ = try await Self.eventually { try count() == 2 ? true : nil }
            world.first.stop()
            _ = try await Self.eventually { try count() == 1 ? true : nil }
        }
    }

    @Test("Bad requests are answered, and clients that send nothing do not delay others.")
    func hostile() async throws {
        try await Self.withWorld { world in
            let address = world.server.address
            let silent = try (0..<10).map { _ in try Connection(address) }
            #expect(try Self.send("nonsense\r\n\r\n", to: address).hasPrefix("HTTP/1.1 400 "))
            #expect(try Self.send("POST / HTTP/1.1\r\nHost: a\r\n\r\n", to: address).hasPrefix("HTTP/1.1 405 "))
            #expect(try Self.get("/nothing", from: address).status == 404)
            #expect(try Self.get("/metrics", from: address).body.contains(#"resmon_export_answers_total{status="404"} 1"#))
            withExtendedLifetime(silent) {}
        }
    }

    @Test("A port that is taken is an error.")
    func taken() async throws {
        try await Self.withWorld { world in
            let failure = #expect(throws: ExportServer.Failure.self) { try ExportServer(world.server.address) }
            #expect(failure?.description.hasPrefix("no connections are accepted at \(world.server.address): ") == true)
        }
    }
}

/// A connection to a port of the loopback address, for requests that no HTTP client sends.
private final class Connection {
    private let number: Int32

    init(_ address: ListenAddress) throws {
        #if canImport(Glibc)
            self.number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            self.number = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = address.port.bigEndian
        inet_pton(AF_INET, address.host, &target.sin_addr)
        let number = self.number
        let result = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        try #require(result == 0)
    }

    deinit {
        close(self.number)
    }

    func send(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { write(self.number, $0.baseAddress, $0.count) }
    }

    /// Sends bytes, and returns what arrives until the end.
    func exchange(_ bytes: [UInt8]) -> String {
        self.send(bytes)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(self.number, &buffer, buffer.count)
            if count <= 0 { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
        }
    }
}

import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import HTTPResources

@Suite("Files over HTTP", .timeLimit(.minutes(1)))
struct HTTPFileTests {
    /// Runs `body` with the path of an empty directory, which is removed afterward.
    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-http-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(directory)
    }

    private func files(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }

    @Test("A download creates a file that only its user can read, with the body of the response.")
    func download() async throws {
        try await self.withDirectory { directory in
            try await TestServer.with { server in
                try await withClient(HTTPConfiguration(maximumBodySize: 1000)) { client in
                    let path = "\(directory)/large"
                    // Larger than the maximum size of a body in memory.
                    let download = try await client.download(server.url("/large"), to: path, query: ["bytes": "3000000"])
                    #expect(download.size == 3_000_000)
                    #expect(download.status == 200)
                    #expect(download.path == path)
                    #expect(download.description == "3000000 bytes of http://127.0.0.1:\(server.port)/large?… in \(path)")
                    let content = try Data(contentsOf: URL(fileURLWithPath: path))
                    #expect(content == Data(repeating: 0x61, count: 3_000_000))
                    let attributes = try FileManager.default.attributesOfItem(atPath: path)
                    #expect(attributes[.posixPermissions] as? Int == 0o600)
                    #expect(client.poolSample().leased == 0)
                }
            }
        }
    }

    @Test("An empty body is an empty file.")
    func empty() async throws {
        try await self.withDirectory { directory in
            try await TestServer.with { server in
                try await withClient { client in
                    let download = try await client.download(server.url("/large?bytes=0"), to: "\(directory)/empty")
                    #expect(download.size == 0)
                    #expect(try self.files(in: directory) == ["empty"])
                }
            }
        }
    }

    @Test("A file or a link that exists is neither changed nor followed.")
    func existing() async throws {
        try await self.withDirectory { directory in
            try await TestServer.with { server in
                try await withClient { client in
                    try Data("kept".utf8).write(to: URL(fileURLWithPath: "\(directory)/file"))
                    try FileManager.default.createSymbolicLink(atPath: "\(directory)/link", withDestinationPath: "\(directory)/missing")
                    for name in ["file", "link", "missing/file"] {
                        let error = await #expect(throws: HTTPError.self) {
                            try await client.download(server.url("/large?bytes=500000"), to: "\(directory)/\(name)")
                        }
                        #expect(error?.code == .invalidRequest)
                        #expect(error?.description.contains("\(directory)/\(name) cannot be downloaded: it cannot be created") == true)
                        #expect(client.poolSample().leased == 0)
                    }
                    let kept = try String(contentsOfFile: "\(directory)/file", encoding: .utf8)
                    #expect(kept == "kept")
                    #expect(try self.files(in: directory) == ["file", "link"])
                }
            }
        }
    }

    @Test("A status other than 200 to 299 creates no file.")
    func unexpectedStatus() async throws {
        try await self.withDirectory { directory in
            try await TestServer.with { server in
                try await withClient { client in
                    let error = await #expect(throws: HTTPError.self) {
                        try await client.download(server.url("/status?is=404"), to: "\(directory)/file")
                    }
                    #expect(error?.code == .unexpectedStatus)
                    #expect(error?.status == 404)
                    let left = try self.files(in: directory)
                    #expect(left.isEmpty)
                }
            }
        }
    }

    @Test("A download that exceeds its maximum size fails, and its file is removed.")
    func tooLarge() async throws {
        try await self.withDirectory { directory in
            try await TestServer.with { server in
                try await withClient { client in
                    let url = try server.url("/large?bytes=400000")
                    let error = await #expect(throws: HTTPError.self) {
                        try await client.download(url, to: "\(directory)/file", maximumSize: 399_999)
                    }
                    #expect(error?.code == .tooLarge)
                    #expect(error?.description.contains("more than 399999 bytes") == true)
                    let left = try self.files(in: directory)
                    #expect(left.isEmpty)
                    let download = try await client.download(url, to: "\(directory)/file", maximumSize: 400_000)
                    #expect(download.size == 400_000)
                }
            }
        }
    }

    @Test("A download whose connection is lost fails, and its file is removed.")
    func lost() async throws {
        try await self.withDirectory { directory in
            try await RawServer.with { connection in
                guard connection.request() != nil else { return }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n\(String(repeating: "a", count: 300_000))")
            } _: { server in
                try await withClient { client in
                    let error = await #expect(throws: HTTPError.self) {
                        try await client.download(server.address(), to: "\(directory)/file")
                    }
                    #expect(error?.code == .connectionLost)
                    let left = try self.files(in: directory)
                    #expect(left.isEmpty)
                }
            }
        }
    }

    @Test("A canceled download removes its file before it returns.")
    func cancelled() async throws {
        try await self.withDirectory { directory in
            try await RawServer.with { connection in
                guard connection.request() != nil else { return }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n\(String(repeating: "a", count: 300_000))")
                connection.untilClosed()
            } _: { server in
                try await withClient { client in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            await #expect(throws: CancellationError.self) {
                                try await client.download(server.address(), to: "\(directory)/file")
                            }
                            let left = try FileManager.default.contentsOfDirectory(atPath: directory)
                            #expect(left.isEmpty)
                        }
                        try await eventually("the file exists") { FileManager.default.fileExists(atPath: "\(directory)/file") }
                        group.cancelAll()
                        try await group.waitForAll()
                    }
                    #expect(client.poolSample().leased == 0)
                }
            }
        }
    }

    @Test("A file is uploaded with its size and a default type.")
    func upload() async throws {
        try await self.withDirectory { directory in
            try await TestServer.with { server in
                try await withClient { client in
                    let path = "\(directory)/file"
                    let content = String(repeating: "tea ", count: 50_000)
                    try Data(content.utf8).write(to: URL(fileURLWithPath: path))
                    let put = try await client.upload(path, to: server.url("/echo")).json(Echo.self)
                    #expect(put.method == "PUT")
                    #expect(put.body == content)
                    #expect(put.headers["content-length"] == "200000")
                    #expect(put.headers["content-type"] == "application/octet-stream")
                    let address = "http://127.0.0.1:\(server.port)/echo"
                    let post = try await client.upload(
                        path,
                        to: address,
                        method: .post,
                        query: ["a": "1"],
                        headers: ["Content-Type": "text/plain"]
                    )
                    let echo = try post.json(Echo.self)
                    #expect(echo.method == "POST")
                    #expect(echo.query == ["a=1"])
                    #expect(echo.headers["content-type"] == "text/plain")
                }
            }
        }
    }

    @Test("A file that is not a regular file, or is missing, is not uploaded.", arguments: ["", "/missing"])
    func notUploaded(name: String) async throws {
        try await self.withDirectory { directory in
            try await TestServer.with { server in
                try await withClient { client in
                    let error = await #expect(throws: HTTPError.self) { try await client.upload(directory + name, to: server.url("/echo")) }
                    #expect(error?.code == .invalidRequest)
                    #expect(error?.description.contains("\(directory)\(name) cannot be uploaded") == true)
                    #expect(server.asked.isEmpty)
                }
            }
        }
    }

    @Test("A response to the text of a URL can be read in chunks.")
    func chunks() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let address = "http://127.0.0.1:\(server.port)/large"
                let size = try await client.withResponse(.get, address, query: ["bytes": "70000"]) { response in
                    var size = 0
                    for try await chunk in response.body { size += chunk.count }
                    return size
                }
                #expect(size == 70_000)
            }
        }
    }

    @Test("A stub can be downloaded in a simulation.")
    func simulated() throws {
        let simulation = Simulation(seed: 4)
        let environment = simulation.environment
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-http-\(UUID().uuidString)").path
        defer { unlink(path) }
        try simulation.run {
            let stub = HTTPStub { _, _, _ in .init(body: Data("seven".utf8)) }
            let client = try HTTPClientPool(environment: environment, stub: stub)
            try await client.initialize()
            let download = try await client.download("http://stock.local/items", to: path)
            #expect(download.size == 5)
            try await client.dispose()
        }
        let content = try String(contentsOfFile: path, encoding: .utf8)
        #expect(content == "seven")
    }
}

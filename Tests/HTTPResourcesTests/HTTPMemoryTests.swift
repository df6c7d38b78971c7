import Foundation
import HTTPResources
import ResourceContainer
import Testing

/// Each test runs in a separate process, whose memory is measured.
@Suite("Memory of an HTTP client", .timeLimit(.minutes(ProcessFigures.isSoak ? 30 : 1)))
struct HTTPMemoryTests {
    /// The memory that the allocator may keep for itself.
    private static let tolerance = 24 << 20

    @Test("The memory does not grow with the number of requests.")
    func requests() async {
        await #expect(processExitsWith: .success) {
            try await RawServer.with { connection in
                let body = String(repeating: "a", count: 2000)
                while connection.request() != nil {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
                }
            } _: { server in
                try await withClient { client in
                    try await Self.send(200, to: server, client)
                    let before = ProcessFigures.residentBytes()
                    try await Self.send(ProcessFigures.isSoak ? 100_000 : 1000, to: server, client)
                    Self.expectNoGrowth(since: before)
                }
            }
        }
    }

    /// Sends requests, 8 at a time.
    private static func send(_ count: Int, to server: RawServer, _ client: HTTPClientPool) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<count / 8 {
                        let size = try await client.get(server.address()).body.count
                        #expect(size == 2000)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func expectNoGrowth(since before: Int?) {
        guard let before, let after = ProcessFigures.residentBytes() else { return }
        #expect(after - before < Self.tolerance, "\((after - before) >> 20) MiB more")
    }

    @Test("The memory does not grow with the size of a body that is read slowly.")
    func largeBody() async {
        await #expect(processExitsWith: .success) {
            let size = ProcessFigures.isSoak ? 2 << 30 : 48 << 20
            try await RawServer.with { connection in
                guard connection.request() != nil else { return }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(ProcessFigures.isSoak ? 2 << 30 : 48 << 20)\r\n\r\n")
                let block = [UInt8](repeating: 0x61, count: 65_536)
                while connection.send(block) {}
            } _: { server in
                try await withClient { client in
                    let url = try #require(URL(string: server.address()))
                    let before = ProcessFigures.residentBytes()
                    let received = try await client.withResponse(.get, url, timeout: .seconds(1200)) { response in
                        var received = 0
                        var nextPause = 1 << 20
                        for try await chunk in response.body {
                            received += chunk.count
                            if received < nextPause { continue }
                            nextPause += 1 << 20
                            try await Task.sleep(for: .milliseconds(1))
                        }
                        return received
                    }
                    #expect(received == size)
                    Self.expectNoGrowth(since: before)
                }
            }
        }
    }
}

import CCurl
import Foundation
import HTTPResources
import ResourceContainer
import Testing

@Suite(
    "Connections that a server resets",
    .timeLimit(.minutes(1)),
    .enabled(if: OpenSSL.isAvailable, "the program openssl is not installed")
)
struct HTTPResetTests {
    private static let protocols = ccurl_has_http2() ? ["http/1.1", "h2"] : ["http/1.1"]

    @Test(
        "A connection that the server resets during an upload is lost, and its request fails at once.",
        arguments: Self.protocols,
        [0, 300_000]
    )
    func resetDuringUpload(protocols: String, count: Int) async throws {
        try await TLSServer.with(protocols: protocols) { connection in
            var received = 0
            if protocols == "h2" {
                guard let frames = HTTP2Connection(connection), frames.next() != nil else { return }
                while received < count, let frame = frames.next() { received += frame.payload.count }
            } else {
                guard connection.bytes.request() != nil else { return }
                while received < count, let part = connection.bytes.read(65_536) { received += part.count }
            }
            connection.reset()
        } _: { server in
            try await withClient(HTTPConfiguration(tls: server.trusted)) { client in
                let error = await #expect(throws: HTTPError.self) {
                    try await client.request(.put, server.url(), upload: .bytes(Data(count: 32 << 20)))
                }
                #expect(error?.code == .connectionLost)
                #expect(error?.phase == .sending)
                #expect(client.poolSample().leased == 0)
                #expect(client.connectionSample().opened == 1)
                #expect(client.connectionSample().connecting == 0)
                // Over HTTP/2, libcurl closes the connection when it looks for one to use again.
                #expect(client.connectionSample().open <= (protocols == "h2" ? 1 : 0))
            }
        }
    }

    @Test("A connection that ends during the TLS handshake is not one that is not trusted.", arguments: [false, true])
    func handshake(isReset: Bool) async throws {
        try await RawServer.with { connection in
            _ = connection.read(65_536)
            if isReset { connection.reset() }
        } _: { server in
            try await withClient { client in
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.address("/", scheme: "https")) }
                #expect(error?.code == .unreachable)
                #expect(error?.phase == .connecting)
                #expect(client.connectionSample() == HTTPConnectionSample())
            }
        }
    }
}

import Foundation
import HTTPResources
import ResourceContainer
import Testing

@Suite("HTTP client over TLS", .timeLimit(.minutes(1)), .enabled(if: OpenSSL.isAvailable, "the program openssl is not installed"))
struct HTTPTLSTests {
    @Test("A server is trusted if an authority of the configuration signed its certificate for its name.")
    func trusted() async throws {
        try await TLSServer.with { server in
            for version in [HTTPTLS.Version.tls12, .tls13] {
                let tls = HTTPTLS(minimumVersion: version, authorities: server.path("authority.pem"))
                try await withClient(HTTPConfiguration(tls: tls)) { client in
                    let response = try await client.get(server.url())
                    #expect(response.status == 200)
                }
            }
        }
    }

    @Test("A server whose certificate is for another name, or of another authority, is not trusted.")
    func untrusted() async throws {
        try await TLSServer.with { server in
            try await withClient { client in
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.url()) }
                #expect(error?.code == .untrusted)
                #expect(error?.phase == .connecting)
                #expect(error?.description.contains("https://localhost:\(server.port)/ was not sent: no secure connection; ") == true)
            }
            let tls = HTTPTLS(authorities: server.path("client.pem"))
            try await withClient(HTTPConfiguration(tls: tls)) { client in
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.url()) }
                #expect(error?.code == .untrusted)
            }
            let known = HTTPTLS(authorities: server.path("authority.pem"))
            try await withClient(HTTPConfiguration(tls: known)) { client in
                // The certificate has the name localhost only.
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.url(host: "127.0.0.1")) }
                #expect(error?.code == .untrusted)
            }
        }
    }

    @Test("A certificate of the client is sent to a server that requires one.")
    func clientCertificate() async throws {
        try await TLSServer.with(requiresClientCertificate: true) { server in
            var tls = HTTPTLS(authorities: server.path("authority.pem"))
            try await withClient(HTTPConfiguration(tls: tls)) { client in
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.url()) }
                #expect(error?.code == .untrusted)
            }
            tls.clientCertificate = HTTPTLS.ClientCertificate(certificate: server.path("client.pem"), key: server.path("client.key"))
            try await withClient(HTTPConfiguration(tls: tls)) { client in
                let response = try await client.get(server.url())
                #expect(response.status == 200)
            }
        }
    }

    @Test("A file of authorities that cannot be read is an error of the configuration.")
    func missingAuthorities() async throws {
        try await TLSServer.with { server in
            let tls = HTTPTLS(authorities: server.path("missing.pem"))
            try await withClient(HTTPConfiguration(tls: tls)) { client in
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.url()) }
                #expect(error?.code == .invalidConfiguration)
            }
        }
    }

    @Test("A server without TLS is not trusted, and one with TLS is not HTTP.")
    func otherProtocol() async throws {
        try await RawServer.with { connection in
            guard connection.read(65_536) != nil else { return }
            connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            connection.untilClosed()
        } _: { server in
            try await withClient { client in
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.address("/", scheme: "https")) }
                #expect(error?.code == .untrusted)
            }
        }
        try await TLSServer.with { server in
            try await withClient { client in
                let url = try #require(URL(string: "http://127.0.0.1:\(server.port)/"))
                await #expect(throws: HTTPError.self) { try await client.get(url) }
            }
        }
    }

    @Test("The password of a client certificate and of a proxy do not appear in texts.")
    func secrets() throws {
        let certificate = HTTPTLS.ClientCertificate(certificate: "a.pem", key: "a.key", password: "s3cret")
        let proxy = HTTPProxy.server(try #require(URL(string: "http://bob:s3cret@proxy:3128")))
        let configuration = HTTPConfiguration(tls: HTTPTLS(clientCertificate: certificate), proxy: proxy)
        for text in [
            "\(configuration)", String(reflecting: configuration), "\(certificate)", "\(proxy)", String(reflecting: configuration.tls),
        ] {
            #expect(!text.contains("s3cret"))
        }
        #expect("\(configuration)".contains("the proxy proxy:3128"))
    }
}

import Foundation
import HTTPResources
import ResourceContainer
import Testing

@Suite("HTTP client requests", .timeLimit(.minutes(1)))
struct HTTPRequestTests {
    private struct Item: Codable, Equatable {
        let name: String
        let price: Int
    }

    @Test("A request sends its method, headers, and body, and returns the status, headers, and body.")
    func roundTrip() async throws {
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(headers: ["X-App": "shop", "accept": "*/*"])) { client in
                let response = try await client.request(
                    .put,
                    server.url("/echo?a=1&b=2"),
                    headers: ["Accept": "application/json", "X-Empty": ""],
                    body: Data("hello".utf8)
                )
                #expect(response.status == 200)
                #expect(response.isSuccess)
                #expect(response.headers["content-type"] == "application/json")
                let url = try server.url("/echo?a=1&b=2")
                #expect(response.method == .put)
                #expect(response.url == url)
                let echo = try response.json(Echo.self)
                #expect(echo.method == "PUT")
                #expect(echo.query == ["a=1", "b=2"])
                #expect(echo.body == "hello")
                #expect(echo.headers["x-app"] == "shop")
                #expect(echo.headers["accept"] == "application/json")
                #expect(echo.headers["x-empty"] == "")
                #expect(echo.headers["content-type"] == "application/octet-stream")
                #expect(echo.headers["content-length"] == "5")
                #expect(echo.headers["cookie"] == nil)
                #expect(echo.headers["authorization"] == nil)
            }
        }
    }

    @Test("Any method can be sent, and any status is a response.", arguments: ["DELETE", "PATCH", "OPTIONS", "HEAD"])
    func methods(method: String) async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let response = try await client.request(HTTPClientPool.Method(rawValue: method), server.url("/status?is=418"))
                #expect(response.status == 418)
                #expect(response.text == (method == "HEAD" ? "" : "as wished"))
                #expect(server.asked == ["\(method) /status"])
                let error = #expect(throws: HTTPError.self) { try response.success() }
                #expect(error?.code == .unexpectedStatus)
                #expect(error?.status == 418)
            }
        }
    }

    @Test("A JSON body is decoded; a body of another type is an error with the coding path but without the content.")
    func json() async throws {
        try await ScriptedServer.with { connection in
            while true {
                let body =
                    try await connection.request().contains("/good") ? #"{"name":"tea","price":3}"# : #"{"name":"s3cret","price":"s3cret"}"#
                try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            }
        } _: { server in
            try await withClient { client in
                let item = try await client.get(server.url("/good")).json(Item.self)
                #expect(item == Item(name: "tea", price: 3))
                let response = try await client.get(server.url("/bad"))
                let error = #expect(throws: HTTPError.self) { try response.json(Item.self) }
                #expect(error?.code == .decoding)
                #expect(error?.status == 200)
                #expect(error?.description.contains("bytes that are not the JSON of Item: price is not of type Int;") == true)
                #expect(error?.description.contains("s3cret") == false)
            }
        }
    }

    @Test("A response with a status other than 200 to 299 is not decoded.")
    func jsonOfFailure() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let response = try await client.get(server.url("/status?is=503"))
                let error = #expect(throws: HTTPError.self) { try response.json([String].self) }
                #expect(error?.code == .unexpectedStatus)
                #expect(error?.status == 503)
            }
        }
    }

    @Test(
        "A status of 401 is a response like any other, regardless of the authentication scheme.",
        arguments: ["Basic realm=x", "Digest realm=x", "Other", ""]
    )
    func unauthorized(scheme: String) async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let path = "/login?scheme=\(try #require(scheme.addingPercentEncoding(withAllowedCharacters: .alphanumerics)))"
                let response = try await client.get(server.url(path), timeout: .seconds(10))
                #expect(response.status == 401)
                #expect(response.text == "who?")
                #expect(client.poolSample().leased == 0)
            }
        }
    }

    @Test("Requests do not share cookies or cached responses.")
    func noSharedCookiesOrCache() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                for _ in 0..<2 {
                    let response = try await client.get(server.url("/cookie"))
                    #expect(response.headers["set-cookie"] == "id=1; Path=/")
                }
                #expect(server.asked == ["GET /cookie", "GET /cookie"])
                let echo = try await client.get(server.url("/echo")).json(Echo.self)
                #expect(echo.headers["cookie"] == nil)
            }
        }
    }

    @Test("The user and password of a URL are sent as a header unless the request has one.")
    func userInfo() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let url = try server.url("/echo", user: "bob:s%3Acret@")
                let sent = try await client.get(url)
                #expect(sent.url.absoluteString == "http://127.0.0.1:\(server.port)/echo")
                #expect(try sent.json(Echo.self).headers["authorization"] == "Basic \(Data("bob:s:cret".utf8).base64EncodedString())")
                let own = try await client.get(url, headers: ["Authorization": "Bearer abc"]).json(Echo.self)
                #expect(own.headers["authorization"] == "Bearer abc")
            }
        }
    }

    @Test("An invalid request is refused before anything is sent, and the error contains no header value.")
    func refused() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                func refusal(_ method: HTTPClientPool.Method, _ url: URL, headers: [String: String] = [:], body: Data? = nil) async
                    -> String
                {
                    let error = await #expect(throws: HTTPError.self) {
                        try await client.request(method, url, headers: headers, body: body)
                    }
                    #expect(error?.code == .invalidRequest)
                    return error?.description ?? ""
                }
                let url = try server.url("/echo")
                #expect(await refusal(.get, try #require(URL(string: "ftp://host/x"))).contains("must begin with http:// or https://"))
                #expect(await refusal(.get, try #require(URL(string: "/x"))).contains("contain a host"))
                #expect(await refusal("GET /x HTTP/1.1\r\nHost:", url).contains("the method must be a word"))
                #expect(await refusal("", url).contains("the method must be a word"))
                #expect(await refusal(.get, url, body: Data("x".utf8)).contains("a GET request cannot have a body"))
                #expect(await refusal(.get, url, headers: ["a b": "c"]).contains("a header's name must be a word"))
                let injected = await refusal(.get, url, headers: ["X-Token": "s3cret\r\nX-Evil: 1"])
                #expect(injected.contains("the value of header X-Token must be one line"))
                #expect(!injected.contains("s3cret"))
                #expect(server.asked.isEmpty)
                #expect(client.poolSample().made == 0)
            }
        }
    }

    @Test("The timeout of a request must be positive.")
    func timeoutMustBePositive() async throws {
        try await withClient { client in
            let url = try #require(URL(string: "http://127.0.0.1/"))
            let error = await #expect(throws: HTTPError.self) { try await client.get(url, timeout: .zero) }
            #expect(error?.code == .invalidRequest)
            #expect(error?.description.contains("timeout is") == true)
        }
    }

    @Test("A body can have the maximum size, and a larger one is canceled.")
    func bodySize() async throws {
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(maximumBodySize: 100_000)) { client in
                let largest = try await client.get(server.url("/large?bytes=100000"))
                #expect(largest.body.count == 100_000)
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.url("/large?bytes=100001")) }
                #expect(error?.code == .tooLarge)
                #expect(error?.description.contains("more than 100000 bytes") == true)
                #expect(client.poolSample().leased == 0)
            }
        }
    }

    @Test("An endless body without an announced size is canceled at the limit.")
    func endlessBody() async throws {
        let isClosed = Promise<Void>()
        try await ScriptedServer.with { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let part = String(repeating: "a", count: 16384)
            while (try? await connection.send("4000\r\n\(part)\r\n")) != nil {}
            isClosed.fulfill(())
        } _: { server in
            try await withClient(HTTPConfiguration(maximumBodySize: 1_000_000)) { client in
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.url("/")) }
                #expect(error?.code == .tooLarge)
                _ = await isClosed.wait()
            }
        }
    }
}

import Foundation
import ResourceContainer
import Testing

@testable import HTTPResources

@Suite("HTTP client redirects", .timeLimit(.minutes(1)))
struct HTTPRedirectTests {
    private func redirected(
        _ method: HTTPClientPool.Method = .get,
        from url: String,
        to location: String,
        status: Int = 302,
        headers: [String: String] = [:]
    ) throws -> HTTPRequest? {
        let body = method == .post ? HTTPUpload.bytes(Data("x".utf8)) : nil
        return try HTTPRequest(method, try #require(URL(string: url)), headers: headers, body: body)
            .redirected(status: status, location: location)
    }

    @Test("A redirect is followed, and the response has the last URL.")
    func followed() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let response = try await client.get(server.url("/redirect?to=/echo"), headers: ["Authorization": "Bearer abc"])
                let there = try server.url("/echo")
                #expect(response.url == there)
                // The header is sent because the redirect stays on the same server.
                #expect(try response.json(Echo.self).headers["authorization"] == "Bearer abc")
                #expect(client.poolSample().leased == 0)
            }
        }
    }

    @Test("A redirect to another host acquires a connection there and drops headers meant for the first host.")
    func otherHost() async throws {
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(maximumConnections: 1, maximumPerHost: 1, headers: ["X-Api-Key": "k"])) { client in
                let there = try server.url("/echo", host: "localhost")
                let response = try await client.get(
                    server.url("/redirect?to=\(there.absoluteString)"),
                    headers: ["Authorization": "Bearer abc", "Accept": "application/json"]
                )
                #expect(response.url == there)
                let headers = try response.json(Echo.self).headers
                #expect(headers["authorization"] == nil)
                #expect(headers["x-api-key"] == nil)
                #expect(headers["accept"] == "application/json")
                // With one connection in total, the first host's slot was released.
                #expect(client.poolSample().made == 2)
                #expect(client.poolSample().evicted == 1)
            }
        }
    }

    @Test("A redirect loop ends at the maximum number of redirects.")
    func redirectLoop() async throws {
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(maximumRedirects: 3)) { client in
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.url("/circle")) }
                #expect(error?.code == .tooManyRedirects)
                #expect(error?.description.contains("is redirect number 4") == true)
                #expect(server.asked == Array(repeating: "GET /circle", count: 4))
                #expect(client.poolSample().leased == 0)
            }
        }
    }

    @Test("With no redirects allowed, the redirect is the response.")
    func notFollowed() async throws {
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(maximumRedirects: 0)) { client in
                let response = try await client.get(server.url("/redirect?to=/echo&status=307"))
                #expect(response.status == 307)
                #expect(response.headers["location"] == "/echo")
                #expect(response.text == "elsewhere")
            }
        }
    }

    @Test("A redirect without a valid target is the response.", arguments: ["", "&to=ftp://host/x", "&to=mailto:bob", "&to=http://"])
    func withoutValidTarget(to: String) async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let response = try await client.get(server.url("/redirect?status=301\(to)"))
                #expect(response.status == 301)
                #expect(server.asked.count == 1)
            }
        }
    }

    @Test(
        "A form is sent again only if the status of the redirect requires it.",
        arguments: [
            (301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST"),
        ]
    )
    func form(status: Int, method: String) async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let echo = try await client.request(
                    .post,
                    server.url("/redirect?to=/echo&status=\(status)"),
                    headers: ["Content-Type": "text/plain"],
                    body: Data("form".utf8)
                ).json(Echo.self)
                #expect(echo.method == method)
                #expect(echo.body == (method == "GET" ? "" : "form"))
                #expect(echo.headers["content-type"] == (method == "GET" ? nil : "text/plain"))
            }
        }
    }

    @Test(
        "The target of a redirect follows from the URL and the location.",
        arguments: [
            ("http://a/x/y?q", "z", "http://a/x/z"), ("http://a/x", "//b/c", "http://b/c"),
            ("http://a/x", "HTTPS://B:444/c#d", "https://B:444/c"),
            ("https://a/x", "http://a/x", nil), ("http://a/x", "file:///etc/passwd", nil),
            ("http://a/x", "http://bob:s3cret@b/", "http://b/"),
            ("http://a/x", "?q=1", "http://a/x?q=1"), ("http://a/x", "//[::1]:8/y", "http://[::1]:8/y"),
            ("http://a/x", "http://[zz]/", nil),
        ]
    )
    func resolution(from: String, to: String, expected: String?) throws {
        #expect(try self.redirected(from: from, to: to)?.url.absoluteString.lowercased() == expected?.lowercased())
    }

    @Test("Other statuses are not redirects.", arguments: [200, 300, 304, 305, 306, 400])
    func noRedirect(status: Int) throws {
        #expect(try self.redirected(from: "http://a/", to: "/x", status: status) == nil)
    }

    @Test("A redirected HEAD request stays a HEAD request.")
    func head() throws {
        for status in [301, 302, 303, 307, 308] {
            #expect(try self.redirected(.head, from: "http://a/", to: "/x", status: status)?.method == .head)
        }
    }

    @Test("The same host at another port or with another scheme is another origin.")
    func origins() throws {
        let secret = ["Authorization": "x"]
        #expect(try self.redirected(from: "http://a/", to: "http://A:80/x", headers: secret)?.headers["authorization"] == "x")
        #expect(try self.redirected(from: "http://a/", to: "http://a:81/x", headers: secret)?.headers["authorization"] == nil)
        #expect(try self.redirected(from: "http://a/", to: "https://a/x", headers: secret)?.headers["authorization"] == nil)
    }
}

import Foundation
import ResourceContainer
import Testing

@testable import HTTPResources

@Suite("Convenient HTTP requests", .timeLimit(.minutes(1)))
struct HTTPConvenienceTests {
    private struct Item: Codable, Equatable {
        var name: String
        var price: Double
    }

    @Test("A request takes the text of a URL, with query parameters that are appended to those of the text.")
    func text() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let address = "http://127.0.0.1:\(server.port)/echo?a=1#part"
                let echo = try await client.get(address, query: ["q": "tea & milk", "a": "ü+/"], headers: ["X-Own": "1"]).json(Echo.self)
                #expect(echo.method == "GET")
                #expect(echo.query == ["a=1", "q=tea & milk", "a=ü+/"])
                #expect(echo.headers["x-own"] == "1")
                #expect(try await client.get("http://127.0.0.1:\(server.port)/echo").json(Echo.self).query.isEmpty)
                #expect(try await client.delete(address).json(Echo.self).method == "DELETE")
                #expect(try await client.request(.options, address).json(Echo.self).method == "OPTIONS")
            }
        }
    }

    @Test("A text that is not a URL of an http or https server is refused, and does not appear in the error.")
    func invalidText() async throws {
        try await withClient { client in
            for text in ["http://s3cret:s3cret@[zz/", "s3cret.example.com", "", "ftp://s3cret/"] {
                let error = await #expect(throws: HTTPError.self) { try await client.get(text) }
                #expect(error?.code == .invalidRequest)
                #expect(error?.description.contains("s3cret") == false)
            }
        }
    }

    @Test("A value is sent as JSON, and the response is decoded.")
    func json() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let url = try server.url("/echo")
                let encoder = JSONEncoder()
                encoder.outputFormatting = .sortedKeys
                let item = Item(name: "tea", price: 3)
                let posted = try await client.post(url, json: item, encoder: encoder, query: ["a": "1"]).json(Echo.self)
                #expect(posted.method == "POST")
                #expect(posted.query == ["a=1"])
                #expect(posted.body == #"{"name":"tea","price":3}"#)
                #expect(posted.headers["content-type"] == "application/json")
                #expect(try await client.put(url, json: item, retry: .standard).json(Echo.self).method == "PUT")
                let patched = try await client.patch(url, json: [1, 2], headers: ["content-type": "application/merge-patch+json"])
                let echo = try patched.json(Echo.self)
                #expect(echo.method == "PATCH")
                #expect(echo.body == "[1,2]")
                #expect(echo.headers["content-type"] == "application/merge-patch+json")
            }
        }
    }

    @Test("A value that JSON cannot represent is refused before anything is sent, and the error names the coding path.")
    func invalidJSON() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let url = try server.url("/echo")
                let error = await #expect(throws: HTTPError.self) { try await client.post(url, json: Item(name: "s3cret", price: .nan)) }
                #expect(error?.code == .invalidRequest)
                #expect(error?.description.contains("a body of type Item cannot be encoded as JSON: price has a value") == true)
                #expect(error?.description.contains("s3cret") == false)
                #expect(server.asked.isEmpty)
            }
        }
    }

    @Test("A form is sent with its fields in order.")
    func form() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                var form: HTTPParameters = ["name": "tea & milk", "note": "ü=1"]
                form.append("name", "")
                let echo = try await client.post(server.url("/echo"), form: form).json(Echo.self)
                #expect(echo.body == "name=tea+%26+milk&note=%C3%BC%3D1&name=")
                #expect(echo.headers["content-type"] == "application/x-www-form-urlencoded")
            }
        }
    }

    @Test("A body of bytes is sent with its default type, and a POST request can be without a body.")
    func bytes() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let url = try server.url("/echo")
                let echo = try await client.post(url, body: Data("x".utf8)).json(Echo.self)
                #expect(echo.body == "x")
                #expect(echo.headers["content-type"] == "application/octet-stream")
                #expect(try await client.put(url, body: Data("y".utf8)).json(Echo.self).body == "y")
                #expect(try await client.post(url).json(Echo.self).body == "")
            }
        }
    }

    @Test(
        "Parameters are encoded for a query and for a form.",
        arguments: [
            ([:], "", ""), (["a": ""], "a=", "a="), (["a": "-._~*"], "a=-._~%2A", "a=-._%7E*"),
            (["a b": "c+d"], "a%20b=c%2Bd", "a+b=c%2Bd"),
            (["ü": "\u{0}\n&=#?/"], "%C3%BC=%00%0A%26%3D%23%3F%2F", "%C3%BC=%00%0A%26%3D%23%3F%2F"),
            (HTTPParameters(["b": "2", "a": "1"]), "a=1&b=2", "a=1&b=2"),
        ] as [(HTTPParameters, String, String)]
    )
    func encoding(parameters: HTTPParameters, query: String, form: String) {
        #expect(parameters.asQuery == query)
        #expect(parameters.asForm == form)
    }

    @Test("The values of parameters do not appear in descriptions.")
    func description() {
        let parameters: HTTPParameters = ["token": "s3cret", "page": "2"]
        #expect("\(parameters)" == "token, page")
        #expect(!String(reflecting: parameters).contains("s3cret"))
        #expect(Mirror(reflecting: parameters).children.isEmpty)
    }

    @Test(
        "Parameters are appended to the query of a URL, before its fragment.",
        arguments: [
            ("http://a", "http://a?x=1"), ("http://a/b?", "http://a/b?x=1"), ("http://a/b?c=%26", "http://a/b?c=%26&x=1"),
            ("http://a/b#c", "http://a/b?x=1#c"), ("http://[::1]:8/b", "http://[::1]:8/b?x=1"),
        ]
    )
    func query(address: String, expected: String) throws {
        #expect(try address.url(adding: ["x": "1"]).absoluteString == expected)
        #expect(try address.url(adding: [:]).absoluteString == address)
    }
}

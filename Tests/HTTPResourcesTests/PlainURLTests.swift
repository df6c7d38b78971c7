import Foundation
import ResourceSimulation
import Testing

@testable import HTTPResources

@Suite("URLs that are sent as they are")
struct PlainURLTests {
    @Test(
        "A URL without anything to change has its origin, and its text is the address.",
        arguments: [
            ("http://127.0.0.1:8080/small", Origin(scheme: "http", host: "127.0.0.1", port: 8080), "http://127.0.0.1:8080/small"),
            ("https://a.example", Origin(scheme: "https", host: "a.example", port: 443), "https://a.example/"),
            ("http://a:443/b%20c/?d=e&f=g?h", Origin(scheme: "http", host: "a", port: 443), "http://a:443/b%20c/?d=e&f=g?h"),
        ]
    )
    func plain(text: String, origin: Origin, address: String) throws {
        let url = try #require(URL(string: text).flatMap { PlainURL($0) })
        #expect(url.origin == origin)
        #expect(url.address == address)
    }

    @Test(
        "A URL in which something is added, removed, or rewritten is not plain.",
        arguments: [
            "HTTP://a/", "http://A/", "http://u@a/", "http://u:p@a/", "http://a/#f", "http://a:80/", "https://a:443/", "http://a:0/",
            "http://a:080/", "http://a:65536/", "http://a:/", "http://a?b", "http://[::1]/", "http://a%2Fb/", "http:///", "ftp://a/", "a/b",
        ]
    )
    func rewritten(text: String) {
        #expect(URL(string: text).flatMap { PlainURL($0) } == nil)
    }

    @Test("A URL that is relative to another one is not plain.")
    func relative() throws {
        let base = try #require(URL(string: "http://a/b/"))
        let url = try #require(URL(string: "http://c/d", relativeTo: base))
        #expect(URL(string: "d", relativeTo: base).flatMap { PlainURL($0) } == nil)
        #expect(PlainURL(url).map { $0.address == "http://c/d" } ?? true)
    }

    @Test("URLComponents finds the same parts in every plain URL.")
    func sameAsComponents() throws {
        let pieces = [
            "http://", "https://", "a", "b.c", "1", "127.0.0.1", ":", ":80", ":443", ":8080", "/", "//", ".", "..", "?", "&", "=", ";",
            "%41",
            "%2f", "%", "@", "[::1]", "é", " ", "A", "_", "~", "'", "|", "#", "\\", "\"", "+", ",", "*", "(", "!", "$", "^", "xn--9ca",
        ]
        var random = SeededRandom(seed: 21)
        var count = 0
        for _ in 0..<50_000 {
            let rest = (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }
            let text = pieces[Int.random(in: 0...1, using: &random)] + "a" + rest.joined()
            guard let url = URL(string: text), let plain = PlainURL(url) else { continue }
            count += 1
            var parts = try #require(URLComponents(url: url, resolvingAgainstBaseURL: true))
            let origin = try #require(Origin(parts), "\(text)")
            #expect(plain.origin == origin, "\(text)")
            #expect(parts.user == nil, "\(text)")
            #expect(HTTPRequest.reduce(&parts, to: origin) == url, "\(text)")
            #expect(plain.address == HTTPRequest.address(of: parts, origin), "\(text)")
        }
        #expect(count > 1000)
    }
}

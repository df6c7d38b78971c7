import Foundation
import Testing

@testable import HTTPResources

@Suite("Proxies of an HTTP client")
struct ProxyRulesTests {
    private func choice(_ url: String, _ environment: [String: String], _ proxy: HTTPProxy = .environment) throws -> ProxyChoice? {
        let origin = try #require(URL(string: url).flatMap { Origin($0) })
        return ProxyRules(proxy, environment: environment).choice(for: origin)
    }

    @Test("The environment names proxies by scheme.")
    func schemes() throws {
        let environment = ["http_proxy": "a:1", "HTTPS_PROXY": "b:2", "all_proxy": "c:3", "HTTP_PROXY": "d:4"]
        #expect(try self.choice("http://host/", environment) == ProxyChoice(url: "a:1", source: "http_proxy"))
        #expect(try self.choice("https://host/", environment) == ProxyChoice(url: "b:2", source: "HTTPS_PROXY"))
        #expect(try self.choice("http://host/", ["ALL_PROXY": "c:3"])?.source == "ALL_PROXY")
        #expect(try self.choice("http://host/", ["HTTP_PROXY": "d:4"]) == nil)
        #expect(try self.choice("http://host/", ["http_proxy": ""]) == nil)
    }

    @Test(
        "The proxy of the environment is never used for loopback.",
        arguments: [
            "http://localhost/", "http://LOCALHOST:80/", "http://app.localhost/", "http://localhost./", "http://127.0.0.1:8080/",
            "http://127.9.8.7/", "http://127.1/", "http://0x7f.1/", "http://2130706433/", "http://0.0.0.0/", "https://[::1]/",
            "https://[0:0::0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:2]/", "http://[::]/",
        ]
    )
    func loopback(url: String) throws {
        #expect(try self.choice(url, ["http_proxy": "a:1", "https_proxy": "a:1"]) == nil)
        #expect(try self.choice(url, [:], .server(#require(URL(string: "http://a:1")))) != nil)
    }

    @Test(
        "Another host is not taken for loopback.",
        arguments: [
            "http://localhost.example/", "http://127.example/", "http://128.0.0.1/", "http://[::2]/", "http://[fe80::1]/",
            "http://[::ffff:10.0.0.1]/",
        ]
    )
    func notLoopback(url: String) throws {
        #expect(try self.choice(url, ["http_proxy": "a:1"]) != nil)
    }

    @Test(
        "no_proxy lists names, domains, addresses, and ranges.",
        arguments: [
            ("*", "http://host/", true), ("host", "http://host/", true), ("host", "http://a.host/", true), ("host", "http://ahost/", false),
            (".host", "http://a.host/", true), ("*.host", "http://a.host/", true), ("host:80", "http://host/", true),
            ("host:81", "http://host/", false), ("a, host b", "http://host/", true), ("HOST", "http://host/", true),
            ("10.0.0.0/8", "http://10.1.2.3/", true), ("10.0.0.0/8", "http://11.1.2.3/", false), ("10.1.2.3", "http://10.1.2.3/", true),
            ("::2", "http://[::2]/", true), ("[::2]:80", "http://[::2]/", true), ("[::2]:81", "http://[::2]/", false),
            ("", "http://host/", false),
            ("0.0.0.0/0", "http://10.1.2.3/", true), ("10.0.0.0/99", "http://10.1.2.3/", false),
        ]
    )
    func exempt(list: String, url: String, isExempt: Bool) throws {
        let choice = try self.choice(url, ["http_proxy": "a:1", "no_proxy": list])
        #expect((choice == nil) == isExempt)
    }

    @Test("Without a proxy, the environment does not matter.")
    func none() throws {
        #expect(try self.choice("http://host/", ["http_proxy": "a:1"], .none) == nil)
    }

    @Test(
        "The label of a proxy is its host and port.",
        arguments: [
            ("http://bob:s3cret@proxy:3128/", "proxy:3128"), ("proxy:3128", "proxy:3128"), ("bob:s3/c@ret@proxy", "proxy"),
            ("socks5h://[::1]:1080", "[::1]:1080"),
        ]
    )
    func label(url: String, label: String) {
        #expect(ProxyChoice.label(of: url) == label)
    }
}

import CCurl
import Foundation
import Testing

@testable import HTTPResources

@Suite("Steps of a transfer")
struct CurlTransferTests {
    private func transfer(_ method: HTTPClientPool.Method = .get, hasBody: Bool = false, proxy: ProxyChoice? = nil) throws -> CurlTransfer {
        let url = try #require(URL(string: "http://a/"))
        let request = try HTTPRequest(method, url, headers: [:], body: hasBody ? .bytes(Data([1])) : nil)
        return CurlTransfer(request, hasBody: hasBody, isDecompressed: true, proxy: proxy)
    }

    private func take(_ lines: [String], _ transfer: inout CurlTransfer) {
        for line in lines { _ = transfer.take(line: Array("\(line)\r\n".utf8)) }
    }

    @Test("A transfer passes through its phases.")
    func phases() throws {
        var transfer = try self.transfer(.put, hasBody: true)
        #expect(transfer.phase == .resolving)
        transfer.connect()
        #expect(transfer.phase == .connecting)
        let isSent = transfer.send()
        #expect(isSent)
        #expect(transfer.phase == .sending)
        transfer.sendAll()
        #expect(transfer.phase == .waiting)
        self.take(["HTTP/1.1 200 OK", ""], &transfer)
        #expect(transfer.phase == .receiving)
        #expect(transfer.end(CURLE_OK, systemCode: 0, "") == nil)
    }

    @Test("A request without a body waits for the response as soon as it has a connection.")
    func withoutBody() throws {
        var transfer = try self.transfer()
        _ = transfer.send()
        #expect(transfer.phase == .waiting)
    }

    @Test(
        "Only an idempotent request is sent over a second connection.",
        arguments: [(HTTPClientPool.Method.get, true), (.put, true), (.post, false)]
    )
    func secondConnection(method: HTTPClientPool.Method, expected: Bool) throws {
        var transfer = try self.transfer(method)
        _ = transfer.send()
        transfer.connect()
        let isSent = transfer.send()
        #expect(isSent == expected)
        if expected { return }
        let failure = try #require(transfer.end(CURLE_ABORTED_BY_CALLBACK, systemCode: 0, ""))
        #expect(failure.code == .connectionLost)
        #expect(failure.phase == .waiting)
    }

    @Test(
        "A transfer that ends well without a complete head is a lost connection.",
        arguments: [[], ["HTTP/1.1 200 OK"], ["HTTP/1.1 100 Continue", ""]]
    )
    func incompleteHead(lines: [String]) throws {
        var transfer = try self.transfer()
        _ = transfer.send()
        self.take(lines, &transfer)
        #expect(transfer.end(CURLE_OK, systemCode: 0, "")?.code == .connectionLost)
    }

    @Test("An invalid head stops the transfer and is the failure.")
    func invalidHead() throws {
        var transfer = try self.transfer()
        _ = transfer.send()
        guard case .stop = transfer.take(line: Array("HTTP/1.1 99 Odd\r\n".utf8)) else {
            Issue.record("the transfer continues")
            return
        }
        let failure = try #require(transfer.end(CURLE_WRITE_ERROR, systemCode: 0, "Failure writing output"))
        #expect(failure.code == .invalidAnswer)
        #expect(failure.transportCode == nil)
    }

    @Test(
        "A code of libcurl is a kind of failure.",
        arguments: [
            (CURLE_COULDNT_RESOLVE_HOST, 0, HTTPError.Code.unreachable), (CURLE_COULDNT_CONNECT, ECONNREFUSED, .refused),
            (CURLE_COULDNT_CONNECT, ENETUNREACH, .unreachable), (CURLE_PEER_FAILED_VERIFICATION, 0, .untrusted),
            (CURLE_SSL_CONNECT_ERROR, 0, .untrusted), (CURLE_SSL_CACERT_BADFILE, 0, .invalidConfiguration),
            (CURLE_UNSUPPORTED_PROTOCOL, 0, .invalidAnswer), (CURLE_RECV_ERROR, 0, .unreachable), (CURLE_URL_MALFORMAT, 0, .invalidRequest),
        ] as [(CURLcode, Int32, HTTPError.Code)]
    )
    func codes(code: CURLcode, systemCode: Int32, expected: HTTPError.Code) throws {
        var transfer = try self.transfer()
        transfer.connect()
        let failure = try #require(transfer.end(code, systemCode: systemCode, ""))
        #expect(failure.code == expected)
        #expect(failure.phase == .connecting)
        #expect(failure.transportCode == Int(code.rawValue))
        #expect(!failure.text.isEmpty)
    }

    @Test("The same code is another failure once the request is sent.")
    func codesAfterSending() throws {
        var transfer = try self.transfer()
        _ = transfer.send()
        #expect(transfer.end(CURLE_RECV_ERROR, systemCode: 0, "")?.code == .connectionLost)
        #expect(transfer.end(CURLE_OUT_OF_MEMORY, systemCode: 0, "")?.code == .invalidAnswer)
        #expect(transfer.end(CURLE_RECV_ERROR, systemCode: 0, "SSL routines::tlsv13 alert certificate required")?.code == .untrusted)
        self.take(["HTTP/1.1 200 OK", ""], &transfer)
        #expect(transfer.end(CURLE_PARTIAL_FILE, systemCode: 0, "")?.code == .connectionLost)
        #expect(transfer.end(CURLE_RECV_ERROR, systemCode: 0, "Illegal sequence in chunked-encoding")?.code == .invalidAnswer)
    }

    @Test("The failure of a process without descriptors names the limit, unless another address works.")
    func withoutDescriptors() throws {
        var transfer = try self.transfer()
        transfer.connect()
        transfer.refuseSocket(EMFILE)
        let failure = try #require(transfer.end(CURLE_COULDNT_CONNECT, systemCode: 0, ""))
        #expect(failure.text.contains("raise the limit of open files"))
        _ = transfer.send()
        self.take(["HTTP/1.1 200 OK", ""], &transfer)
        #expect(transfer.end(CURLE_OK, systemCode: 0, "") == nil)
    }

    @Test(
        "A connection that ends during the handshake is no matter of trust.",
        arguments: [
            ("Recv failure: Connection reset by peer", HTTPError.Code.unreachable),
            ("OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to a:443 ", .unreachable),
            ("OpenSSL/3.0.19: error:0A000126:SSL routines::unexpected eof while reading", .unreachable),
            ("GnuTLS, handshake failed: The TLS connection was non-properly terminated.", .unreachable),
            ("OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number", .untrusted),
            ("OpenSSL/3.0.19: error:0A000410:SSL routines::sslv3 alert handshake failure", .untrusted),
        ]
    )
    func handshakes(text: String, expected: HTTPError.Code) throws {
        var transfer = try self.transfer()
        transfer.connect()
        let failure = try #require(transfer.end(CURLE_SSL_CONNECT_ERROR, systemCode: 0, text))
        #expect(failure.code == expected)
        #expect(failure.phase == .connecting)
    }

    @Test("The URL of a proxy in a message of libcurl is replaced by its host and port.")
    func proxyInMessage() throws {
        let proxy = ProxyChoice(url: "odd://bob:s3cret@proxy:3128", source: "http_proxy")
        let transfer = try self.transfer(proxy: proxy)
        let words = "Unsupported proxy scheme for 'odd://bob:s3cret@proxy:3128'"
        let failure = try #require(transfer.end(CURLE_COULDNT_CONNECT, systemCode: 0, words))
        #expect(failure.text == "Unsupported proxy scheme for 'proxy:3128' (through the proxy proxy:3128, from http_proxy)")
    }

    @Test("A failure names the proxy without its password.")
    func proxy() throws {
        let proxy = ProxyChoice(url: "http://bob:s3cret@proxy:3128", source: "http_proxy")
        let transfer = try self.transfer(proxy: proxy)
        let failure = try #require(transfer.end(CURLE_COULDNT_CONNECT, systemCode: ECONNREFUSED, "Failed to connect"))
        #expect(failure.text == "Failed to connect (through the proxy proxy:3128, from http_proxy)")
    }
}

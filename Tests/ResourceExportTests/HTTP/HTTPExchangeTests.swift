import ResourceContainer
import Testing

@testable import ResourceExport

@Suite("The exchange on one connection")
struct HTTPExchangeTests {
    private static let request = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    private let begin = TimeSource.Instant(nanoseconds: 0)

    private func exchange() -> HTTPExchange { HTTPExchange(at: self.begin) }

    @Test("A request is answered, its answer is written in parts, and the client closes the connection.")
    func complete() {
        var exchange = self.exchange()
        for byte in Self.request { exchange.receive([byte], at: self.begin) }
        #expect(exchange.request == HTTPRequest(path: "/", host: "a"))
        #expect(!exchange.wantsInput)
        exchange.answer(HTTPResponse(body: "hello"), at: self.begin)
        let whole = HTTPResponse(body: "hello").bytes()
        var written: [UInt8] = []
        while let byte = exchange.output.first {
            written.append(byte)
            exchange.wrote(1, at: self.begin)
        }
        #expect(written == whole)
        #expect(exchange.isAnswered)
        #expect(exchange.status == .ok)
        exchange.receive(Self.request[...], at: self.begin)
        #expect(exchange.request == nil)
        exchange.receiveEnd()
        #expect(exchange.isClosed)
    }

    @Test("The answer to HEAD has no body, and the length of the page.")
    func head() {
        var exchange = self.exchange()
        exchange.receive(Array("HEAD / HTTP/1.0\r\n\r\n".utf8)[...], at: self.begin)
        exchange.answer(HTTPResponse(body: "hello"), at: self.begin)
        let text = String(decoding: exchange.output, as: UTF8.self)
        #expect(text.contains("Content-Length: 5\r\n"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test("A bad request is answered without the pages.")
    func bad() {
        var exchange = self.exchange()
        exchange.receive(Array("POST / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)[...], at: self.begin)
        #expect(exchange.request == nil)
        #expect(exchange.status == .methodNotAllowed)
        #expect(String(decoding: exchange.output, as: UTF8.self).contains("Allow: GET, HEAD\r\n"))
    }

    @Test("A client that closes before its request is complete gets no answer.")
    func early() {
        var exchange = self.exchange()
        exchange.receive(Self.request[..<10], at: self.begin)
        exchange.receiveEnd()
        #expect(exchange.isClosed)
        #expect(exchange.status == nil)
    }

    @Test("A client that closes its direction after the request gets the answer.")
    func halfClosed() {
        var exchange = self.exchange()
        exchange.receive(Self.request[...], at: self.begin)
        exchange.receiveEnd()
        #expect(exchange.request != nil)
        exchange.answer(HTTPResponse(body: "hello"), at: self.begin)
        exchange.receiveEnd()
        #expect(!exchange.output.isEmpty)
    }

    @Test("A slow client gets an answer and is closed; a silent one is closed.")
    func slow() {
        var exchange = self.exchange()
        let end = exchange.deadline
        exchange.tick(at: self.begin + (HTTPExchange.readLimit - .nanoseconds(1)))
        #expect(exchange.wantsInput)
        exchange.receive(Self.request[..<3], at: self.begin)
        exchange.tick(at: end)
        #expect(exchange.status == .requestTimeout)
        exchange.tick(at: exchange.deadline)
        #expect(exchange.isClosed)
        var silent = self.exchange()
        silent.tick(at: end)
        #expect(silent.isClosed)
    }

    @Test("A client that reads nothing, or does not close, is closed at its deadline.")
    func stuck() {
        var exchange = self.exchange()
        exchange.receive(Self.request[...], at: self.begin)
        exchange.answer(HTTPResponse(body: "hello"), at: self.begin)
        #expect(exchange.deadline == self.begin + HTTPExchange.writeLimit)
        let count = exchange.output.count
        exchange.wrote(count, at: self.begin + .seconds(1))
        #expect(exchange.deadline == self.begin + .seconds(1) + HTTPExchange.drainLimit)
        exchange.tick(at: exchange.deadline)
        #expect(exchange.isClosed)
    }
}

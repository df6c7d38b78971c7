import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import HTTPResources

@Suite("Retry policy of HTTP requests")
struct HTTPRetryPolicyTests {
    private func pause(
        _ policy: HTTPRetryPolicy = HTTPRetryPolicy(),
        _ method: HTTPClientPool.Method = .get,
        after outcome: HTTPRetryPolicy.Outcome = .failed(.refused),
        attempt: Int = 1,
        elapsed: Duration = .zero,
        seed: UInt64 = 1
    ) -> Duration? {
        var random = SeededRandom(seed: seed)
        return policy.pause(repeating: method, after: outcome, attempt: attempt, elapsed: elapsed, random: &random)
    }

    @Test("Idempotent requests are repeated, and no others.")
    func methods() {
        for method in [HTTPClientPool.Method.get, .head, .put, .delete, .options, "TRACE"] { #expect(self.pause(.standard, method) != nil) }
        for method in [HTTPClientPool.Method.post, .patch, "CONNECT", "get", "PURGE"] { #expect(self.pause(.standard, method) == nil) }
    }

    @Test(
        "A request is repeated after failures of the server or the network, and not after failures of the request or the client.",
        arguments: [
            (HTTPError.Code.timedOut, true), (.unreachable, true), (.refused, true), (.connectionLost, true),
            (.noConnection, false), (.invalidAnswer, false), (.invalidRequest, false), (.tooLarge, false), (.tooManyRedirects, false),
            (.closed, false), (.notInitialized, false),
        ]
    )
    func codes(code: HTTPError.Code, isRepeated: Bool) {
        #expect((self.pause(after: .failed(code)) != nil) == isRepeated)
    }

    @Test(
        "A response is repeated if the policy has its status.",
        arguments: [(200, false), (404, false), (500, false), (429, true), (503, true)]
    )
    func statuses(status: Int, isRepeated: Bool) {
        #expect((self.pause(after: .answered(status: status, retryAfter: nil)) != nil) == isRepeated)
        #expect(self.pause(HTTPRetryPolicy(statuses: [status]), after: .answered(status: status, retryAfter: nil)) != nil)
    }

    @Test("The last attempt is not repeated.")
    func attempts() {
        #expect(self.pause(attempt: 2) != nil)
        #expect(self.pause(attempt: 3) == nil)
        #expect(self.pause(HTTPRetryPolicy(attempts: 1)) == nil)
    }

    @Test("The pause doubles up to its maximum, and is shortened at random by up to half.", arguments: 0..<200 as Range<UInt64>)
    func backoff(seed: UInt64) throws {
        let policy = HTTPRetryPolicy(attempts: .max, firstPause: .milliseconds(100), longestPause: .seconds(1))
        for (attempt, full) in [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1000), (64, 1000), (1_000_000, 1000)] {
            let pause = try #require(self.pause(policy, attempt: attempt, seed: seed))
            #expect(pause >= .milliseconds(full / 2))
            #expect(pause <= .milliseconds(full))
        }
    }

    @Test("The same seed gives the same pause, and different seeds give different ones.")
    func seeds() {
        #expect(self.pause(seed: 7) == self.pause(seed: 7))
        #expect(Set((0..<100).map { self.pause(seed: $0) }).count > 90)
    }

    @Test("A request is not repeated if its pause would exceed the budget.")
    func budget() {
        let policy = HTTPRetryPolicy(budget: .seconds(5), firstPause: .zero)
        #expect(self.pause(policy, elapsed: .milliseconds(4999)) == .zero)
        #expect(self.pause(policy, elapsed: .seconds(5)) == nil)
        #expect(self.pause(policy, after: .answered(status: 503, retryAfter: .seconds(4))) == .seconds(4))
        #expect(self.pause(policy, after: .answered(status: 503, retryAfter: .seconds(5))) == nil)
    }

    @Test("A server's Retry-After is the shortest pause, regardless of the longest pause of the policy.")
    func retryAfter() throws {
        let policy = HTTPRetryPolicy(firstPause: .milliseconds(100), longestPause: .seconds(1))
        let pause = try #require(self.pause(policy, after: .answered(status: 429, retryAfter: .seconds(30))))
        #expect(pause >= .seconds(30))
        #expect(pause <= .milliseconds(30_100))
    }

    @Test("Extreme settings neither trap nor repeat forever.")
    func extremes() {
        let longest = Duration.seconds(Int64.max)
        let policy = HTTPRetryPolicy(attempts: .max, budget: longest, firstPause: longest, longestPause: longest)
        for attempt in [1, 2, 63, 64, Int.max - 1] { #expect(self.pause(policy, attempt: attempt) != nil) }
        #expect(self.pause(policy, attempt: .max) == nil)
        #expect(self.pause(policy, after: .answered(status: 503, retryAfter: longest), elapsed: longest) == nil)
    }

    @Test(
        "An invalid policy is refused, and the error names the setting.",
        arguments: [
            (HTTPRetryPolicy(attempts: 0), "attempts is 0"), (HTTPRetryPolicy(budget: .zero), "budget is"),
            (HTTPRetryPolicy(firstPause: .seconds(-1)), "firstPause is"), (HTTPRetryPolicy(longestPause: .seconds(-1)), "longestPause is"),
        ]
    )
    func invalid(policy: HTTPRetryPolicy, fault: String) {
        #expect(policy.fault?.contains(fault) == true)
        #expect(HTTPRetryPolicy.standard.fault == nil)
    }

    @Test(
        "Retry-After is a number of seconds or a date, relative to the date of the response.",
        arguments: [
            ("120", 120), ("0", 0), (" 7 ", 7), ("99999999999999999999", 31_536_000), ("-1", nil), ("1.5", nil), ("", nil), ("soon", nil),
            ("1 2", nil), ("Sun, 06 Nov 1994 08:50:07 GMT", 30), ("Sunday, 06-Nov-94 08:50:07 GMT", 30), ("Sun Nov  6 08:50:07 1994", 30),
            ("Sun, 06 Nov 1994 08:00:00 GMT", 0), ("Sun, 06 Nov 9994 08:00:00 GMT", 31_536_000),
        ] as [(String, Int?)]
    )
    func header(text: String, seconds: Int?) {
        let headers = ["retry-after": text, "date": "Sun, 06 Nov 1994 08:49:37 GMT"]
        #expect(HTTPRetryPolicy.retryAfter(headers, now: 0) == seconds.map { .seconds($0) })
    }

    @Test("Without a valid date of the response, a date is relative to the clock.")
    func clock() {
        for date in [nil, "yesterday"] as [String?] {
            var headers = ["retry-after": "Sun, 06 Nov 1994 08:50:07 GMT"]
            headers["date"] = date
            #expect(HTTPRetryPolicy.retryAfter(headers, now: 784_111_777) == .seconds(30))
        }
        #expect(HTTPRetryPolicy.retryAfter([:], now: 0) == nil)
    }

    @Test(
        "Dates are read in the three formats of HTTP, and other texts are no dates.",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200),
            ("Fri, 31 Dec 1999 23:59:59 GMT", 946_684_799), ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
            ("Mon, 01-Mar-69 00:00:00 GMT", 3_129_321_600),
            ("Wed, 29 Feb 2023 00:00:00 GMT", nil), ("Sun, 00 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 24:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 08:49 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sun, 06 Foo 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 194 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 08::37 GMT", nil), ("", nil), ("-----", nil),
            ("Sun, +6 Nov 1994 08:49:37 GMT", nil),
        ] as [(String, Int64?)]
    )
    func dates(text: String, seconds: Int64?) {
        #expect(HTTPDate.seconds(text) == seconds)
    }
}

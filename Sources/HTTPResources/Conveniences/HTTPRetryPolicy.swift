import ResourceContainer

/// When a failed request is sent again, and how long the client waits before. Only idempotent requests are repeated.
///
/// A request is idempotent if its method is `GET`, `HEAD`, `OPTIONS`, `TRACE`, `PUT`, or `DELETE`: sending it twice has the effect of
/// sending it once. Other requests are sent once, because a failure does not show whether the server processed them.
///
/// A request is repeated if the server was not reached, if the connection was lost, if the response did not arrive within the timeout, or
/// if the response has one of the ``statuses``. It is not repeated if it got no connection from the client's pool: repeating would add to
/// the load that caused it. The pause doubles with every attempt and is shortened at random by up to half, so that clients that fail
/// together do not return together. A response with `Retry-After`, in seconds or as a date, is repeated after that time at the earliest.
public struct HTTPRetryPolicy: Sendable, Hashable {
    /// The maximum number of attempts, with the first; at least 1.
    public var attempts: Int
    /// The limit of the whole request: all attempts and the pauses between them. Positive. Each attempt also has the timeout of the
    /// request.
    ///
    /// If the pause would exceed the budget, the last response or error is the result.
    public var budget: Duration
    /// The pause after the first attempt, before it is shortened at random; not negative.
    public var firstPause: Duration
    /// The maximum pause, before it is shortened at random; not negative. `Retry-After` can require a longer one.
    public var longestPause: Duration
    /// The statuses of responses after which the request is repeated.
    public var statuses: Set<Int>

    /// Creates a policy. A request with an invalid policy fails with ``HTTPError/Code/invalidRequest``.
    public init(
        attempts: Int = 3,
        budget: Duration = .seconds(60),
        firstPause: Duration = .milliseconds(100),
        longestPause: Duration = .seconds(10),
        statuses: Set<Int> = [408, 429, 502, 503, 504]
    ) {
        self.attempts = attempts
        self.budget = budget
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.statuses = statuses
    }

    /// Three attempts within a minute.
    public static let standard = HTTPRetryPolicy()
}

extension HTTPRetryPolicy {
    /// The result of one attempt.
    enum Outcome: Sendable {
        case answered(status: Int, retryAfter: Duration?)
        case failed(HTTPError.Code)
    }

    /// The first invalid setting and the reason; nil if all are valid.
    var fault: String? {
        if self.attempts < 1 { return "attempts is \(self.attempts) and must be at least 1" }
        if self.budget <= .zero { return "budget is \(self.budget) and must be above zero" }
        if self.firstPause < .zero { return "firstPause is \(self.firstPause) and must not be negative" }
        if self.longestPause < .zero { return "longestPause is \(self.longestPause) and must not be negative" }
        return nil
    }

    /// Returns the pause before the next attempt; nil if the outcome is the result of the request.
    ///
    /// - Parameters:
    ///   - method: The method of the request.
    ///   - outcome: The result of the last attempt.
    ///   - attempt: The number of the last attempt; the first is 1.
    ///   - elapsed: The time since the first attempt began.
    ///   - random: The source of the pause's random part.
    func pause(
        repeating method: HTTPClientPool.Method,
        after outcome: Outcome,
        attempt: Int,
        elapsed: Duration,
        random: inout some RandomNumberGenerator
    ) -> Duration? {
        guard attempt < self.attempts, Self.isIdempotent(method) else { return nil }
        let pause: Duration
        switch outcome {
        case .answered(let status, let retryAfter):
            guard self.statuses.contains(status) else { return nil }
            // A server that refuses many clients sends all of them the same time.
            pause = retryAfter.map { $0 + Self.random(upTo: self.firstPause, &random) } ?? self.pause(after: attempt, &random)
        case .failed(let code):
            guard [.timedOut, .unreachable, .refused, .connectionLost].contains(code) else { return nil }
            pause = self.pause(after: attempt, &random)
        }
        return elapsed + pause < self.budget ? pause : nil
    }

    static func isIdempotent(_ method: HTTPClientPool.Method) -> Bool {
        ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(method.rawValue)
    }

    private func pause(after attempt: Int, _ random: inout some RandomNumberGenerator) -> Duration {
        let full = min(self.firstPause.saturating(times: Int64(1) << min(attempt - 1, 62)), self.longestPause)
        return full - Self.random(upTo: .nanoseconds(full.wholeNanoseconds / 2), &random)
    }

    private static func random(upTo limit: Duration, _ random: inout some RandomNumberGenerator) -> Duration {
        .nanoseconds(Int64.random(in: 0...limit.wholeNanoseconds, using: &random))
    }
}

extension HTTPRetryPolicy {
    /// Returns the time after which the server accepts the request again, from `Retry-After`; nil without a valid value. At most a year.
    ///
    /// A date is relative to the date of the response, so that it does not depend on the client's clock.
    ///
    /// - Parameters:
    ///   - headers: The headers of the response by lower-case name.
    ///   - now: The seconds since 1970, for responses without a date.
    static func retryAfter(_ headers: [String: String], now: Int64) -> Duration? {
        guard let text = headers["retry-after"] else { return nil }
        let longest: Int64 = 31_536_000
        let words = text.split(separator: " ")
        if words.count == 1, words[0].utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
            // Nil if it exceeds 64 bits.
            return .seconds(min(Int64(words[0]) ?? longest, longest))
        }
        guard let date = HTTPDate.seconds(text) else { return nil }
        let answered = headers["date"].flatMap(HTTPDate.seconds) ?? now
        return .seconds(min(max(date - answered, 0), longest))
    }
}

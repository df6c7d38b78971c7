import Foundation
import ResourceContainer

/// The result of a request and its redirects within one origin.
enum RequestStep<Result> {
    case done(Result)
    /// The redirect to another origin.
    case redirected(HTTPRequest)
}

extension HTTPClientPool {
    /// Returns the deadline of a request that begins now.
    func timing(of request: HTTPRequest, _ timeout: Duration?) throws(HTTPError) -> RequestTiming {
        let limit = timeout ?? self.configuration.timeout
        if limit <= .zero { throw HTTPError(.invalidRequest, request, "timeout is \(limit) and must be above zero") }
        return RequestTiming(limit: limit, at: self.time.now)
    }

    func terms(of request: HTTPRequest) -> ExchangeTerms {
        ExchangeTerms(request: request, maximumBodySize: self.configuration.maximumBodySize)
    }

    /// Runs `step` with a slot of the request's origin, and again for each redirect to another origin, with a slot of that one.
    func withSlots<Result>(
        of first: HTTPRequest,
        _ timing: RequestTiming,
        _ fileID: StaticString,
        _ line: UInt,
        _ step: nonisolated(nonsending) (HTTPRequest) async throws -> RequestStep<Result>
    ) async throws -> Result {
        var request = first
        while true {
            let left = timing.deadline - self.time.now
            if left <= .zero { throw HTTPError.timedOut(request, after: timing.limit) }
            let current = request
            let outcome: Swift.Result<RequestStep<Result>, any Error>
            do {
                outcome = try await self.slots.withLease(
                    current.origin,
                    budget: min(left, self.configuration.acquireBudget),
                    fileID: fileID,
                    line: line
                ) { _ -> Swift.Result<RequestStep<Result>, any Error> in
                    // The errors of the step are not those of the pool.
                    do { return .success(try await step(current)) } catch { return .failure(error) }
                }
            } catch let error as PoolError {
                if error.code == .timedOut, left <= self.configuration.acquireBudget {
                    throw HTTPError.timedOut(current, after: timing.limit, pool: error)
                }
                throw HTTPError.noConnection(current, error, self.configuration)
            }
            switch try outcome.get() {
            case .done(let result): return result
            case .redirected(let next): request = next
            }
        }
    }

    /// Returns the request that follows a response; nil if the response is not a redirect to follow.
    ///
    /// - Throws: ``HTTPError/Code/tooManyRedirects``; ``HTTPError/Code/invalidRequest`` if the redirect requires a body that cannot be sent
    ///   again.
    func redirect(
        after status: Int,
        _ headers: [String: String],
        of request: HTTPRequest,
        _ redirects: inout Int
    ) throws(HTTPError) -> HTTPRequest? {
        guard self.configuration.maximumRedirects > 0 else { return nil }
        guard let next = request.redirected(status: status, location: headers["location"]) else { return nil }
        redirects += 1
        if redirects > self.configuration.maximumRedirects {
            throw HTTPError.tooManyRedirects(next, limit: self.configuration.maximumRedirects)
        }
        return next
    }

    /// Runs `body` with an exchange, which ends when `body` returns or throws.
    ///
    /// - Parameter resends: How many times the request was sent before; nil if it is not observed.
    func withExchange<Result>(
        _ request: HTTPRequest,
        _ delivery: ExchangeOptions.Delivery,
        over transport: any HTTPSending,
        _ timing: RequestTiming,
        resends: Int?,
        _ body: nonisolated(nonsending) (Exchange, ExchangeWatch) async throws -> Result
    ) async throws -> Result {
        var outgoing: OutgoingBody?
        if let upload = request.body { outgoing = try await OutgoingBody(upload, of: request, self.environment) }
        let options = ExchangeOptions(delivery: delivery, limits: self.configuration.transferLimits, body: outgoing)
        defer { options.body?.stop() }
        let observed = try ObservedRequest(request, resends: resends ?? 0, resends == nil ? nil : self.configuration.observer)
        let exchange = transport.start(observed.request, options)
        let watch = ExchangeWatch(exchange, over: transport, self.time, limit: (timing.deadline, timing.limit))
        defer {
            watch.stop()
            if !exchange.hasEnded { transport.end(exchange, .closed) }
            exchange.abandonBody()
        }
        do {
            let result = try await body(exchange, watch)
            observed.finish(exchange)
            return result
        } catch {
            observed.finish(exchange, error)
            throw error
        }
    }
}

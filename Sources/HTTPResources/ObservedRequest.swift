/// A request with the headers of its observer, which is notified once of its end.
struct ObservedRequest: Sendable {
    /// The request as it is sent.
    let request: HTTPRequest
    private let finished: (@Sendable (HTTPObserver.Outcome) -> Void)?

    /// Begins the observation, if there is an observer.
    ///
    /// - Throws: ``HTTPError/Code/invalidRequest`` if a header of the observer cannot be sent.
    init(_ request: HTTPRequest, resends: Int, _ observer: HTTPObserver?) throws(HTTPError) {
        guard let observer else {
            self.request = request
            self.finished = nil
            return
        }
        let observation = observer.begin(
            HTTPObserver.Request(
                method: request.method,
                url: request.label,
                scheme: request.origin.scheme,
                host: request.origin.host,
                port: request.origin.port,
                resends: resends
            )
        )
        do {
            self.request = try request.adding(observation.headers)
        } catch {
            observation.finished(HTTPObserver.Outcome(status: nil, phase: nil, durations: HTTPObserver.Durations(), error: error))
            throw error
        }
        self.finished = observation.finished
    }

    /// Ends the observation.
    func finish(_ exchange: Exchange, _ error: (any Error)? = nil) {
        self.finished?(
            HTTPObserver.Outcome(status: exchange.head?.status, phase: exchange.phase, durations: exchange.durations, error: error)
        )
    }
}

import ResourceContainer

/// The transport of a client: sends requests and receives responses.
protocol HTTPSending: Sendable {
    /// Begins an exchange.
    func start(_ request: HTTPRequest, _ options: ExchangeOptions) -> Exchange
    /// Ends an exchange that is no longer needed.
    func end(_ exchange: Exchange, _ ending: ExchangeEnding)
    /// Ends all exchanges; later ones end as ``ExchangeEnding/closed``.
    ///
    /// - Returns: Fulfilled when no exchange and no connection is left.
    func close() -> Promise<Void>
    /// The connections at present.
    var connections: HTTPConnectionSample { get }
}

/// The settings of an exchange besides its request.
struct ExchangeOptions: Sendable {
    /// The use of the body of the response.
    enum Delivery: Sendable {
        /// It is collected, up to a number of bytes.
        case collect(maximum: Int)
        /// It is passed on in chunks; the transport reads at most so many bytes ahead.
        case stream(ahead: Int)
    }

    let delivery: Delivery
    let limits: TransferLimits
    /// The body of the request; nil if there is none.
    let body: OutgoingBody?
}

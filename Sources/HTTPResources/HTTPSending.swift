import ResourceContainer

/// The transport of a client: sends requests and receives responses.
protocol HTTPSending: Sendable {
    /// Begins an exchange.
    func start(_ request: HTTPRequest, timeout: Duration, maximumBodySize: Int) -> Exchange
    /// Ends an exchange that is no longer needed.
    func end(_ exchange: Exchange, _ ending: Transfer.Ending)
    /// Ends all exchanges; later ones end as ``Transfer/Ending/closed``.
    ///
    /// - Returns: Fulfilled when no exchange is left.
    func close() -> Promise<Void>
}

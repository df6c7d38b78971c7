import ResourceContainer

/// What carries requests to servers and their answers back.
protocol HTTPSending: Sendable {
    /// Begins an exchange.
    func start(_ request: HTTPRequest, timeout: Duration, maximumBodySize: Int) -> Exchange
    /// Ends an exchange that nobody waits for any more.
    func end(_ exchange: Exchange, _ ending: Transfer.Ending)
    /// Ends all exchanges; later ones end as ``Transfer/Ending/closed``.
    ///
    /// - Returns: fulfilled when nothing of them is left.
    func close() -> Promise<Void>
}

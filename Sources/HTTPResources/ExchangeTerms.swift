import ResourceContainer

/// The facts that an error of an exchange states besides its cause.
struct ExchangeTerms: Sendable {
    let request: HTTPRequest
    let maximumBodySize: Int
}

extension ExchangeEnding {
    /// The error for the caller of the request. An answer is no error; its body ended earlier than it was read.
    func error(_ terms: ExchangeTerms) -> any Error {
        switch self {
        case .answered, .closed: HTTPError.closed(terms.request)
        case .failed(let failure): HTTPError(terms.request, failure)
        case .uploadFailed(let error): error
        case .tooLarge: HTTPError.tooLarge(terms.request, limit: terms.maximumBodySize)
        case .timedOut(let excess): HTTPError.timedOut(terms.request, excess)
        }
    }
}

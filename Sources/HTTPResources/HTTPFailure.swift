import Foundation

/// Why a transport failed to get a response. Pure.
struct HTTPFailure: Error, Sendable {
    let code: HTTPError.Code
    /// Nil for a stub.
    let phase: HTTPError.Phase?
    /// The error code of libcurl.
    let transportCode: Int?
    /// The cause, in the words of the system or the library.
    let text: String

    init(_ code: HTTPError.Code, phase: HTTPError.Phase?, transportCode: Int? = nil, _ text: String) {
        self.code = code
        self.phase = phase
        self.transportCode = transportCode
        self.text = text
    }

    /// The error of a stub; a `URLError` has the code of the failure that it stands for.
    init(ofStub error: any Error) {
        let code: HTTPError.Code =
            switch (error as? URLError)?.code {
            case .timedOut?: .timedOut
            case .cannotConnectToHost?: .refused
            case .unsupportedURL?, .cannotParseResponse?, .cannotDecodeRawData?, .cannotDecodeContentData?: .invalidAnswer
            case .badURL?: .invalidRequest
            case .networkConnectionLost?, .badServerResponse?: .connectionLost
            case .secureConnectionFailed?, .serverCertificateUntrusted?: .untrusted
            default: .unreachable
            }
        self.init(code, phase: nil, error.localizedDescription)
    }

    /// The system refuses what the client needs for its transfers.
    static let withoutLibrary = HTTPFailure(.unreachable, phase: nil, "the system refuses memory or a thread for the client")

    /// The fate of the request, and the remedy.
    var advice: String {
        switch self.code {
        case .timedOut: "timed out"
        case .refused: "failed: connection refused; check that the server runs and listens at that port"
        case .untrusted: "was not sent: no secure connection; check the certificates of server and client, and the TLS settings"
        case .invalidAnswer: "returned a response that is not valid HTTP; check the port and the scheme"
        case .invalidRequest: "the request cannot be sent"
        case .invalidConfiguration: "cannot be sent, because a setting of the client is not valid"
        case .connectionLost: "lost its connection before the response was complete; check why the server closed it"
        default: "got no response from the server; check its name and port"
        }
    }
}

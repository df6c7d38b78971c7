import Foundation
import HTTPResources
import ResourceContainer
import ResourceScenarios

/// A shipping carrier: an external service that returns the price of a parcel over HTTP.
protocol Carrier: Resource {
    /// The base URL of the service; available once the resource is initialized.
    var address: URL { get async throws }
    /// The stub that answers requests in the simulated form; nil if requests go over the network.
    var stub: HTTPStub? { get }
}

extension Carrier {
    var stub: HTTPStub? { nil }
}

extension ScenarioWorld {
    /// The carrier of this world.
    func carrier() -> any Carrier {
        switch self.leaves {
        case .live: LoopbackCarrier(manners: CarrierManners(world: self))
        case .simulated: SimulatedCarrier(manners: CarrierManners(world: self))
        }
    }
}

/// The behavior of a carrier, live and simulated: it usually answers at once, sometimes late, and sometimes with an error.
struct CarrierManners: Sendable {
    let world: ScenarioWorld

    /// The status and the body of the response to a request for `path`.
    func answer(_ path: String) async throws -> (status: Int, body: Data) {
        if path != "/quote" { return (200, Data()) }
        if self.world.happens(onceIn: 12) {
            try await self.world.pause(.milliseconds(300), .milliseconds(900))
        } else {
            try await self.world.pause(.milliseconds(3), .milliseconds(25))
        }
        if self.world.happens(onceIn: 60) { return (503, Data()) }
        return (200, Data(#"{"cents":\#(self.world.number(in: 290...990))}"#.utf8))
    }
}

/// A carrier in virtual time.
struct SimulatedCarrier: Carrier {
    let manners: CarrierManners

    var address: URL {
        get throws { try URL.known("http://carrier.local") }
    }

    var stub: HTTPStub? {
        HTTPStub { _, url, _ in
            let (status, body) = try await self.manners.answer(url.path)
            return HTTPStub.Answer(status: status, body: body)
        }
    }
}

/// The shipping price of one request. It falls back to a flat rate if the carrier does not answer.
final class ShippingRates: Resource, ContextualResource {
    private struct Quote: Decodable {
        let cents: Int
    }

    static let flatRate = 690
    private let client: HTTPClientPool
    private let carrier: any Carrier
    private let context = Lock<ResourceContext?>(nil)

    init(client: HTTPClientPool, carrier: any Carrier) {
        self.client = client
        self.carrier = carrier
    }

    func attach(_ context: ResourceContext) {
        self.context.withLock { $0 = context }
    }

    func cents(ofParcelWorth cents: Int) async throws -> Int {
        do {
            let url = try await self.carrier.address.appending(path: "quote").appending(queryItems: [
                .init(name: "worth", value: "\(cents)")
            ])
            return try await self.client.get(url).json(Quote.self).cents
        } catch let error as HTTPError {
            self.context.withLock { $0 }?.report(error)
            return Self.flatRate
        }
    }
}

extension URL {
    /// Parses `text` as a URL, and throws if it is not valid.
    static func known(_ text: String) throws -> URL {
        guard let url = URL(string: text) else { throw ScenarioFault(description: "'\(text)' is not a URL") }
        return url
    }
}

import Foundation
import HTTPResources
import ResourceContainer
import ResourceScenarios

/// Who brings the parcels: a service elsewhere that is asked over HTTP what that costs.
protocol Carrier: Resource {
    /// Where it is asked; there once it is initialised.
    var address: URL { get async throws }
    /// What answers in its place; nil if it is asked over the network.
    var standIn: HTTPStandIn? { get }
}

extension Carrier {
    var standIn: HTTPStandIn? { nil }
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

/// How a carrier answers, in either world: mostly at once, sometimes late, now and then not at all.
struct CarrierManners: Sendable {
    let world: ScenarioWorld

    /// The status and the text of an answer to a request for `path`.
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

    var standIn: HTTPStandIn? {
        HTTPStandIn { _, url, _ in
            let (status, body) = try await self.manners.answer(url.path)
            return HTTPStandIn.Answer(status: status, body: body)
        }
    }
}

/// What the parcel of one request costs; a flat rate if the carrier does not say.
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
    /// The URL that `text` is.
    static func known(_ text: String) throws -> URL {
        guard let url = URL(string: text) else { throw Mishap(description: "'\(text)' is no URL") }
        return url
    }
}

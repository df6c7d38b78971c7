import ResourceContainer

/// Resources that live as long as the process, in scopes of 20.
enum LongLived {
    private static let perScope = 20

    /// Opens scopes and creates `count` resources in them.
    static func fill(_ container: Container, count: Int) throws -> [Scope] {
        for number in 0..<Self.perScope { try container.bind(Parcel.self, name: "shelf-\(number)") { Parcel() } }
        var scopes: [Scope] = []
        for first in stride(from: 0, to: count, by: Self.perScope) {
            let scope = try container.openScope("rack-\(scopes.count + 1)", tag: "rack")
            for number in 0..<min(Self.perScope, count - first) { _ = try scope.get(Parcel.self, name: "shelf-\(number)") }
            scopes.append(scope)
        }
        return scopes
    }
}

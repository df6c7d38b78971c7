import ResourceContainer
import ResourceSimulation
import Testing

private struct Request: Sendable {
    let path: String
}

private final class User: Resource {
    let name: String
    private let diary: Diary

    init(_ name: String, _ diary: Diary) {
        self.name = name
        self.diary = diary
    }

    func initialize() async throws { self.diary.write("+\(self.name)") }
    func dispose() async throws { self.diary.write("-\(self.name)") }
}

private protocol Principal: Sendable {
    var name: String { get }
}

extension User: Principal {}

private final class Cart: Sendable {
    let user: String
    let path: String

    init(user: User, request: Request) {
        self.user = user.name
        self.path = request.path
    }
}

private final class Page: Sendable {
    let user: String?

    init(user: User?) { self.user = user?.name }
}

@Suite("Values of a scope")
struct ScopeValueTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    private func container() throws -> Container {
        let container = Container(environment: self.simulation.environment)
        try container.bindValue(Request.self, in: "request")
        try container.bindValue(User.self, in: "request")
        try container.bind(Cart.self, Cart.init)
        return container
    }

    private func user(_ name: String) -> User { User(name, self.diary) }

    @Test("A value resolves in its scope and below, through the scope and the container, and is injected into resources.")
    func resolves() throws {
        let container = try self.container()
        let user = self.user("ann")
        try self.simulation.run {
            try await container.withScope("request", providing: Request(path: "/"), user) { scope in
                let cart = try await scope.get(Cart.self)
                #expect(cart.user == "ann")
                #expect(cart.path == "/")
                try await scope.withScope("inner") { inner in
                    let (here, ambient) = (try await inner.get(User.self), try await container.get(User.self))
                    #expect(here === user)
                    #expect(ambient === user)
                    let same = try await inner.get(Cart.self)
                    #expect(same === cart)
                }
            }
            let session = try container.openScope("session", providing: Request(path: "/session"), user)
            let path = try await session.get(Request.self).path
            #expect(path == "/session")
            try await session.close()
        }
    }

    @Test("A synchronous scope provides values to synchronous code and initializers.")
    func synchronous() throws {
        let container = try self.container()
        let user = self.user("ann")
        try container.withScope(providing: Request(path: "/sync"), user) { scope in
            let (cart, path) = (try scope.get(Cart.self), try container.get(Request.self).path)
            #expect(cart.user == "ann")
            #expect(path == "/sync")
            try scope.withScope("inner") { inner in
                let same = try inner.get(Cart.self)
                #expect(same === cart)
            }
            let open = try container.openScope("open", in: scope, providing: Request(path: "/open"))
            let inner = try open.get(Request.self).path
            #expect(inner == "/open")
        }
    }

    @Test("A value is neither initialized nor disposed nor counted, even if its type is a resource.")
    func lifecycle() throws {
        let container = try self.container()
        let user = self.user("ann")
        let books = try self.simulation.run {
            try await container.withScope(providing: Request(path: "/"), user) { scope in
                _ = try await scope.get(User.self)
                return container.snapshot().books
            }
        }
        #expect(books.created == 0)
        #expect(self.diary.entries.isEmpty)
    }

    @Test(
        "The container releases a value when its scope closes, also one that inner scopes and aliases resolved.",
        arguments: [true, false]
    )
    func released(isForced: Bool) throws {
        let container = try self.container()
        try container.bind(Bind((any Principal).self, alias: User.self))
        weak let released: User? = try self.simulation.run { () async throws -> User in
            let user = self.user("ann")
            let scope = try container.openScope("request", providing: user)
            let inner = try scope.openScope("inner")
            let name = try await inner.get((any Principal).self).name
            #expect(name == "ann")
            _ = try await inner.get(User.self)
            try await scope.close(isForced ? .force : .drain)
            withExtendedLifetime((scope, inner)) {}
            return user
        }
        #expect(released == nil)
    }

    @Test("A protocol type and a name are provided explicitly, and an existential value under its static type.")
    func provide() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bindValue((any Principal).self)
        try container.bindValue(String.self, name: "traceID")
        try container.bindValue(Int?.self)
        let user: any Principal = self.user("ann")
        try self.simulation.run {
            try await container.withScope(providing: Provide((any Principal).self, user), Provide(name: "traceID", "abc")) { scope in
                let (principal, trace) = (try await scope.get((any Principal).self), try await scope.get(String.self, name: "traceID"))
                #expect(principal.name == "ann")
                #expect(trace == "abc")
            }
            let number: Int? = nil
            try await container.withScope(providing: number, user, Provide(ResourceKey(String.self, name: "traceID"), "def")) { scope in
                let (principal, trace) = (try await scope.get((any Principal).self), try await scope.get(String.self, name: "traceID"))
                #expect(principal.name == "ann")
                #expect(trace == "def")
                let value = try await scope.get(Int?.self)
                #expect(value == nil)
            }
        }
    }

    @Test("An optional parameter is nil if no scope provides its value, and receives it otherwise.")
    func optional() throws {
        let container = try self.container()
        try container.bind(Page.self, Page.init)
        let user = self.user("ann")
        try self.simulation.run {
            let without = try await container.withScope { try await $0.get(Page.self).user }
            #expect(without == nil)
            let with = try await container.withScope(providing: user) { try await $0.get(Page.self).user }
            #expect(with == "ann")
        }
        let synchronous = try container.withScope { try $0.get(Page.self).user }
        #expect(synchronous == nil)
    }

    @Test("A scope without a tag that provides values takes the tag that they are declared for.")
    func tag() throws {
        let container = try self.container()
        try container.bind(Int.self, lifetime: .tagged("request")) { (request: Request) in request.path.count }
        try self.simulation.run {
            try await container.withScope(providing: Request(path: "/long")) { scope in
                #expect(scope.tag == "request")
                let count = try await scope.get(Int.self)
                #expect(count == 5)
            }
        }
    }

    // MARK: Values that an inner scope provides again

    @Test("An inner scope that provides a value again creates its own instances of what depends on it, and shares the others.")
    func providedAnew() throws {
        let container = try self.container()
        try container.bind(SyncThing.self) { [diary] in SyncThing("shared", diary) }
        let (ann, bob) = (self.user("ann"), self.user("bob"))
        try self.simulation.run {
            try await container.withScope(providing: Request(path: "/"), ann) { scope in
                let (cart, thing) = (try await scope.get(Cart.self), try await scope.get(SyncThing.self))
                try await scope.withScope("as bob", providing: bob) { inner in
                    let (other, same) = (try await inner.get(Cart.self), try await inner.get(SyncThing.self))
                    #expect(other !== cart)
                    #expect(other.user == "bob")
                    #expect(same === thing)
                    let path = other.path
                    #expect(path == "/")
                }
                let again = try await scope.get(Cart.self)
                #expect(again === cart)
            }
        }
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("A resource without its optional value is created again in an inner scope that provides the value.")
    func optionalProvidedLater() throws {
        let container = try self.container()
        try container.bind(Page.self, Page.init)
        let user = self.user("ann")
        try self.simulation.run {
            try await container.withScope("session") { session in
                let before = try await session.get(Page.self).user
                #expect(before == nil)
                let inside = try await session.withScope(providing: user) { try await $0.get(Page.self).user }
                #expect(inside == "ann")
            }
        }
    }

    @Test("A value that a closure resolves counts as a dependency, as does one of a transient part or of an instance that is not owned.")
    func indirectDependencies() throws {
        let container = try self.container()
        try container.bind(Bind(String.self, name: "closure") { (resolver: Resolver) in try resolver.get(User.self).name })
        try container.bind(String.self, name: "part", lifetime: .transient) { (user: User) in user.name }
        try container.bind(Bind(String.self, name: "whole", using: ResourceKey("part")) { (part: String) in part })
        try container.bind(String.self, name: "foreign", options: BindingOptions(owned: false)) { (user: User) in user.name }
        try container.bind(Bind(String.self, name: "user", using: ResourceKey("foreign")) { (part: String) in part })
        let (ann, bob) = (self.user("ann"), self.user("bob"))
        try self.simulation.run {
            try await container.withScope(providing: ann) { scope in
                for name in ["closure", "whole", "user"] {
                    let outer = try await scope.get(String.self, name: name)
                    let inner = try await scope.withScope(providing: bob) { try await $0.get(String.self, name: name) }
                    #expect(outer == "ann")
                    #expect(inner == "bob")
                }
            }
        }
        #expect(container.graph().edges.contains { $0.reason == .observed })
    }

    @Test(
        "A request in an inner scope never joins an initialization that uses the outer scope's value.",
        arguments: 0..<20 as Range<UInt64>
    )
    func concurrent(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        try container.bindValue(String.self)
        try container.bind(
            Bind([String].self) { (resolver: Resolver) in
                try await time.sleep(for: .milliseconds(1))
                return [try await resolver.get(String.self)]
            }
        )
        try container.bind([Int].self) { (text: String) async throws -> [Int] in
            try await time.sleep(for: .milliseconds(1))
            return [text.count]
        }
        try simulation.run {
            try await container.withScope(providing: "outer") { scope in
                async let outer = (scope.get([String].self), scope.get([Int].self))
                async let inner = scope.withScope(providing: "in") { (try await $0.get([String].self), try await $0.get([Int].self)) }
                let (first, second) = (try await outer, try await inner)
                #expect(first.0 == ["outer"])
                #expect(first.1 == [5])
                #expect(second.0 == ["in"])
                #expect(second.1 == [2])
            }
        }
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("Scopes that provide values leave nothing in the container's tables.")
    func residue() throws {
        let container = try self.container()
        try container.bind(Page.self, Page.init)
        let user = self.user("ann")
        let sizes = try self.simulation.run { () async throws -> [[String: Int]] in
            var sizes: [[String: Int]] = []
            for _ in 0..<3 {
                try await container.withScope(providing: Request(path: "/"), user) { scope in
                    _ = (try await scope.get(Cart.self), try await scope.get(Page.self))
                    #expect(container.audit() == [])
                }
                sizes.append(container.tableSizes)
            }
            return sizes
        }
        #expect(sizes[1] == sizes[0])
        #expect(sizes[2] == sizes[0])
        #expect(sizes[0]["value needs"] == 0)
    }

    // MARK: Overrides

    @Test("A test overrides a declared value by a binding, also where the application provides one.")
    func overriding() throws {
        let container = try self.container()
        let (ann, fake) = (self.user("ann"), self.user("fake"))
        try self.simulation.run {
            let name = try await container.overriding {
                Bind(User.self, instance: fake, owned: false)
            } body: { _ in
                try await container.withScope(providing: Request(path: "/"), ann) { try await $0.get(Cart.self).user }
            }
            #expect(name == "fake")
            try await container.withScope(providing: Request(path: "/"), ann) { scope in
                let outside = try await scope.get(Cart.self).user
                #expect(outside == "ann")
                let inside = try await container.overriding {
                    Bind(User.self, instance: fake, owned: false)
                } body: { _ in
                    try await container.withScope { try await $0.get(Cart.self).user }
                }
                #expect(inside == "fake")
            }
        }
    }

    @Test("A value that is declared again stays available in scopes that are open, and a binding that overrides it replaces it.")
    func rebinding() throws {
        let container = try self.container()
        let (ann, bob) = (self.user("ann"), self.user("bob"))
        try self.simulation.run {
            let scope = try container.openScope("request", providing: ann)
            try container.bindValue(User.self, in: "request", override: true)
            let declaredAgain = try await scope.get(User.self)
            #expect(declaredAgain === ann)
            try container.bind(User.self, instance: bob, owned: false, override: true)
            let bound = try await scope.get(User.self)
            #expect(bound === bob)
            try container.bindValue(User.self, in: "request", override: true)
            let error = await #expect(throws: ResourceError.self) { try await scope.get(User.self) }
            #expect(error?.code == .missingValue)
            try await scope.close()
        }
    }
}

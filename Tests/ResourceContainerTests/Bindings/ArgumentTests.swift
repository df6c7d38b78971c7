import ResourceContainer
import ResourceSimulation
import Testing

private struct ReportID: Sendable {
    let number: Int
}

private final class Report: Sendable {
    let id: ReportID
    let store: Thing

    init(id: ReportID, store: Thing) {
        self.id = id
        self.store = store
    }
}

private protocol Document: Sendable {
    var id: ReportID { get }
}

extension Report: Document {}

@Suite("Arguments of requests")
struct ArgumentTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    private func container() throws -> Container {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self) { [diary] in Thing("store", diary) }
        return container
    }

    @Test("Every request creates an instance from its argument, with injected dependencies, and the requesting scope disposes it.")
    func instances() throws {
        let container = try self.container()
        try container.bind(Report.self, argument: ReportID.self, Report.init)
        try container.bind(Thing.self, name: "made", argument: String.self) { [diary] in Thing($0, diary) }
        try self.simulation.run {
            try await container.withScope { scope in
                let (first, second) = (
                    try await scope.get(Report.self, ReportID(number: 1)), try await container.get(Report.self, ReportID(number: 2))
                )
                #expect(first.id.number == 1)
                #expect(second.id.number == 2)
                #expect(first.store === second.store)
                let made = try await scope.get(Thing.self, name: "made", "a")
                let again = try await scope.get(ResourceKey(Thing.self, name: "made"), "a")
                #expect(made !== again)
            }
        }
        #expect(self.diary.entries == ["+store", "+a", "+a", "-a", "-a", "-store"])
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("Closures that suspend, resolve their dependencies, or do not suspend take an argument.")
    func forms() throws {
        let container = try self.container()
        try container.bind(String.self, name: "async", argument: Int.self) { (number: Int, store: Thing) async throws -> String in
            "\(number) \(store.name)"
        }
        try container.bind(String.self, name: "resolver", argument: Int.self) { resolver, number in
            "\(number) \(try await resolver.get(Thing.self).name)"
        }
        try container.bind(String.self, name: "nested", argument: Int.self) { (resolver: Resolver, number: Int) in
            try await resolver.get(String.self, name: "async", number + 1)
        }
        try container.bind(Bind(String.self, name: "sync", argument: Int.self) { "\($0)" })
        try container.bind(
            Bind(String.self, name: "sync resolver", argument: Int.self) { (resolver: Resolver, number: Int) throws -> String in
                try resolver.get(String.self, name: "sync", number + 1)
            }
        )
        let texts = try self.simulation.run {
            try await container.withScope { scope in
                var texts: [String] = []
                for name in ["async", "resolver", "nested", "sync", "sync resolver"] {
                    texts.append(try await scope.get(String.self, name: name, 7))
                }
                return texts
            }
        }
        #expect(texts == ["7 store", "7 store", "8 store", "7", "8"])
        let synchronous = try container.withScope { try $0.get(String.self, name: "sync resolver", 1) }
        #expect(synchronous == "2")
    }

    @Test("An instance with an argument is a dependency of the instance that resolves it, and is disposed after it.")
    func dependency() throws {
        let container = try self.container()
        try container.bind(Thing.self, name: "part", argument: String.self) { [diary] in Thing($0, diary) }
        try container.bind(
            Bind(Thing.self, name: "whole") { [diary] (resolver: Resolver) in
                _ = try await resolver.get(Thing.self, name: "part", "part")
                return Thing("whole", diary)
            }
        )
        try self.simulation.run { try await container.withScope { _ = try await $0.get(Thing.self, name: "whole") } }
        #expect(self.diary.entries == ["+part", "+whole", "-whole", "-part"])
        #expect(container.graph().edges.map(\.reason) == [.observed])
    }

    @Test("A missing, unexpected, or wrong argument is an error that names the cure.")
    func errors() throws {
        let container = try self.container()
        try container.bind(Report.self, argument: ReportID.self, Report.init)
        try self.simulation.run {
            try await container.withScope { scope in
                let missing = try #require(await #expect(throws: ResourceError.self) { try await scope.get(Report.self) })
                #expect(missing.code == .missingArgument)
                #expect(missing.description.contains("takes an argument of the type ReportID"))
                #expect(missing.description.contains("call scope.get(Report.self, argument), or resolver.get(Report.self, argument)"))
                let wrong = try #require(await #expect(throws: ResourceError.self) { try await scope.get(Report.self, 7) })
                #expect(wrong.code == .unexpectedArgument)
                #expect(wrong.description.contains("passes one of the type Int: convert it to ReportID"))
                let unexpected = try #require(await #expect(throws: ResourceError.self) { try await scope.get(Thing.self, 7) })
                #expect(unexpected.code == .unexpectedArgument)
                #expect(unexpected.description.contains("call get(Thing.self), or bind it with argument: Int.self"))
                let tool = await #expect(throws: ResourceError.self) { try await container.resolve(BindingID(1), in: scope.id) }
                #expect(tool?.code == .missingArgument)
            }
        }
        #expect(container.snapshot().books.created == 0)
        let eager = #expect(throws: ResourceError.self) {
            try container.bind(Int.self, argument: Int.self, options: BindingOptions(eager: true)) { $0 }
        }
        #expect(eager?.code == .invalidBinding)
    }

    @Test("An alias passes the argument on, and a fallback may ignore it.")
    func redirects() throws {
        let container = try self.container()
        try container.bind(Report.self, argument: ReportID.self, Report.init)
        try container.bind(Bind((any Document).self, alias: Report.self))
        try container.bind(
            Bind(Int.self, argument: Int.self) { (_: Int) throws -> Int in throw Failure(description: "no") }
                .fallback(to: ResourceKey(Int.self, name: "spare"))
        )
        try container.bind(Int.self, name: "spare") { 1 }
        try self.simulation.run {
            try await container.withScope { scope in
                let document = try await scope.get((any Document).self, ReportID(number: 3))
                #expect(document.id.number == 3)
                let number = try await scope.get(Int.self, 7)
                #expect(number == 1)
            }
        }
    }

    @Test("Validation reports a parameter that needs an argument, and analyzes the dependencies of a binding with an argument.")
    func analysis() throws {
        let container = Container()
        try container.bind(Report.self, argument: ReportID.self, Report.init)
        try container.bind(Bind((any Document).self, alias: Report.self))
        try container.bind(Int.self) { (document: any Document) in document.id.number }
        try container.bind(String.self, argument: Int.self) { (resolver: Resolver, number: Int) in "\(number)" }
        let report = container.validate()
        #expect(report.problems.map(\.fault) == [.missing, .argument])
        #expect(report.problems.map(\.path) == [["Report", "Thing"], ["Int", "Document"]])
        #expect(report.problems.last?.description.contains("resolver.get((any Document).self, argument)") == true)
        #expect(report.notAnalyzed == ["String"])
        #expect(container.snapshot().bindings.map(\.form) == [.parameterized, nil, nil, .parameterized])
        #expect(container.graph().text.contains("Report [transient, with argument]"))
    }

    @Test("The container releases an argument with the instance.")
    func released() throws {
        let container = try self.container()
        let live = LiveCount()
        try container.bind(Thing.self, name: "made", argument: Counted.self) { [diary] _ in Thing("made", diary) }
        try self.simulation.run {
            let scope = try container.openScope("s")
            _ = try await scope.get(Thing.self, name: "made", Counted(live))
            #expect(live.value == 1)
            try await scope.close()
            #expect(live.value == 0)
        }
    }
}

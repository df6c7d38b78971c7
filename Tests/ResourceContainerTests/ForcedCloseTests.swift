import ResourceContainer
import ResourceSimulation
import Testing

@Suite("A forced close waits for nothing but the disposes")
struct ForcedCloseTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    @Test("what is being made is abandoned at once, who waits for it is told, and what comes late is released")
    func initialising() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onInitialize: { try await time.sleep(for: .seconds(10)) }) }
        try self.simulation.run { [diary] in
            let scope = try container.openScope(named: "job")
            async let asked = Result { try await scope.get(Thing.self) }
            try await time.sleep(for: .seconds(1))
            let report = try await scope.close(.force)
            #expect(report.took == .zero && report.entries.map(\.outcome) == [.abandoned])
            guard case .failure(let error as ResourceError) = await asked else {
                Issue.record("the request was answered")
                return
            }
            #expect(error.code == .initialisationAbandoned)
            #expect(diary.entries == ["+a"])
            try await time.sleep(for: .seconds(20))
            #expect(diary.entries == ["+a", "-a"])
        }
        let books = container.snapshot().books
        #expect(books.isBalanced && books.abandoned == 1)
    }

    @Test("a forced close hurries one that is under way; both give the same report")
    func hurries() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self, name: "slow") { [diary] in
            Thing("slow", diary, onInitialize: { try await time.sleep(for: .seconds(10)) })
        }
        try container.bind(Thing.self, name: "ready") { [diary] in Thing("ready", diary) }
        try self.simulation.run {
            let scope = try container.openScope(named: "job")
            _ = try await scope.get(Thing.self, name: "ready")
            async let asked = Result { try await scope.get(Thing.self, name: "slow") }
            try await time.sleep(for: .seconds(1))
            async let first = scope.close()
            try await time.sleep(for: .seconds(1))
            let second = try await scope.close(.force)
            let value23 = try await first
            #expect(value23 == second)
            #expect(second.took == .seconds(1) && Set(second.entries.map(\.outcome)) == [.abandoned, .disposed])
            _ = await asked
        }
    }

    @Test("scopes inside are forced too")
    func nested() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onInitialize: { try await time.sleep(for: .seconds(10)) }) }
        try self.simulation.run {
            let outer = try container.openScope(named: "outer")
            let inner = try outer.openScope(named: "inner")
            async let asked = Result { try await inner.get(Thing.self) }
            try await time.sleep(for: .seconds(1))
            let report = try await outer.close(.force)
            #expect(report.took == .zero && report.count(.abandoned) == 1 && report.children.map(\.name) == ["inner"])
            _ = await asked
        }
    }

    @Test(
        "leases that are out are not waited for, but reported with who holds them; a close that waits for them is hurried",
        arguments: [true, false]
    )
    func leasesOut(isHurried: Bool) throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(ResourcePool<Int>.self) { [diary] (resolver: Resolver) in
            try ResourcePool(
                name: "p",
                configuration: PoolConfiguration(maximum: 2),
                environment: resolver.environment,
                make: { 1 },
                close: { _ in diary.write("-item") }
            )
        }
        try self.simulation.run { [diary] in
            let scope = try container.openScope(named: "job")
            let pool = try await scope.get(ResourcePool<Int>.self)
            async let holder: Void = pool.withLease { _ in try await time.sleep(for: .seconds(60)) }
            try await time.sleep(for: .seconds(1))
            let report: DisposeReport
            if isHurried {
                async let waiting = scope.close()
                try await time.sleep(for: .seconds(1))
                report = try await scope.close(.force)
                #expect(try await waiting == report)
            } else {
                report = try await scope.close(.force)
            }
            #expect(report.took == (isHurried ? .seconds(1) : .zero))
            #expect(report.entries.map(\.outcome) == [.threw])
            #expect(report.entries.first?.unreturned.map(\.place.file) == [#fileID])
            try await holder
            #expect(diary.entries == ["-item"])
        }
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("a deaf dispose takes no longer than its budget also when forced")
    func deafDispose() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self, options: BindingOptions(disposeTimeout: .seconds(3))) { [diary] in
            Thing("a", diary, onDispose: { try await time.sleep(for: .seconds(60)) })
        }
        let report = try self.simulation.run {
            let scope = try container.openScope(named: "job")
            _ = try await scope.get(Thing.self)
            return try await scope.close(.force)
        }
        #expect(report.took == .seconds(3) && report.entries.map(\.outcome) == [.abandoned])
    }
}

import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Forced close")
struct ForcedCloseTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    @Test("A forced close abandons initializing instances immediately, fails their waiters, and disposes late results.")
    func initializing() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onInitialize: { try await time.sleep(for: .seconds(10)) }) }
        try self.simulation.run { [diary] in
            let scope = try container.openScope("job")
            async let asked = Result { try await scope.get(Thing.self) }
            try await time.sleep(for: .seconds(1))
            let report = try await scope.close(.force)
            #expect(report.took == .zero)
            #expect(report.entries.map(\.outcome) == [.abandoned])
            guard case .failure(let error as ResourceError) = await asked else {
                Issue.record("the request succeeded")
                return
            }
            #expect(error.code == .initializationAbandoned)
            #expect(diary.entries == ["+a"])
            try await time.sleep(for: .seconds(20))
            #expect(diary.entries == ["+a", "-a"])
        }
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.abandoned == 1)
    }

    @Test("A forced close expedites a running close, and both return the same report.")
    func expedites() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self, name: "slow") { [diary] in
            Thing("slow", diary, onInitialize: { try await time.sleep(for: .seconds(10)) })
        }
        try container.bind(Thing.self, name: "ready") { [diary] in Thing("ready", diary) }
        try self.simulation.run {
            let scope = try container.openScope("job")
            _ = try await scope.get(Thing.self, name: "ready")
            async let asked = Result { try await scope.get(Thing.self, name: "slow") }
            try await time.sleep(for: .seconds(1))
            async let first = scope.close()
            try await time.sleep(for: .seconds(1))
            let second = try await scope.close(.force)
            let value23 = try await first
            #expect(value23 == second)
            #expect(second.took == .seconds(1))
            #expect(Set(second.entries.map(\.outcome)) == [.abandoned, .disposed])
            _ = await asked
        }
    }

    @Test("A forced close also forces nested scopes.")
    func nested() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onInitialize: { try await time.sleep(for: .seconds(10)) }) }
        try self.simulation.run {
            let outer = try container.openScope("outer")
            let inner = try outer.openScope("inner")
            async let asked = Result { try await inner.get(Thing.self) }
            try await time.sleep(for: .seconds(1))
            let report = try await outer.close(.force)
            #expect(report.took == .zero)
            #expect(report.count(.abandoned) == 1)
            #expect(report.children.map(\.name) == ["inner"])
            _ = await asked
        }
    }

    @Test(
        "A forced close does not wait for leases but reports their holders; it expedites a close that is waiting for them.",
        arguments: [true, false]
    )
    func leasedItems(isExpedited: Bool) throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(
            Bind(ResourcePool<Int>.self, lifetime: .scoped) { [diary] (resolver: Resolver) in
                try ResourcePool(
                    name: "p",
                    configuration: PoolConfiguration(maximum: 2),
                    environment: resolver.environment,
                    make: { 1 },
                    close: { _ in diary.write("-item") }
                )
            }
        )
        try self.simulation.run { [diary] in
            let scope = try container.openScope("job")
            let pool = try await scope.get(ResourcePool<Int>.self)
            async let holder: Void = pool.withLease { _ in try await time.sleep(for: .seconds(60)) }
            try await time.sleep(for: .seconds(1))
            let report: DisposeReport
            if isExpedited {
                async let waiting = scope.close()
                try await time.sleep(for: .seconds(1))
                report = try await scope.close(.force)
                #expect(try await waiting == report)
            } else {
                report = try await scope.close(.force)
            }
            #expect(report.took == (isExpedited ? .seconds(1) : .zero))
            #expect(report.entries.map(\.outcome) == [.threw])
            #expect(report.entries.first?.unreturned.map(\.location.file) == [#fileID])
            try await holder
            #expect(diary.entries == ["-item"])
        }
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("A dispose that ignores cancellation takes no longer than its budget in a forced close.")
    func hungDispose() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self, options: BindingOptions(disposeTimeout: .seconds(3))) { [diary] in
            Thing("a", diary, onDispose: { try await time.sleep(for: .seconds(60)) })
        }
        let report = try self.simulation.run {
            let scope = try container.openScope("job")
            _ = try await scope.get(Thing.self)
            return try await scope.close(.force)
        }
        #expect(report.took == .seconds(3))
        #expect(report.entries.map(\.outcome) == [.abandoned])
    }
}

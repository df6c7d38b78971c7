import ResourceContainer
import ResourceSimulation
import Testing

private struct MailError: Error, CustomStringConvertible {
    let description: String
}

@Suite("The outcome of a scope's body")
struct ScopeOutcomeTests {
    private let simulation = Simulation(seed: 1)
    private let container: Container
    private let events: EventSubscription

    init() {
        self.container = Container("app", environment: self.simulation.environment)
        self.events = self.container.subscribe()
    }

    /// The outcomes of the scopes that have closed, in closing order.
    private func outcomes() -> [ScopeOutcome?] {
        var outcomes: [ScopeOutcome?] = []
        for event in self.events.drain().events {
            if case .scopeClosed(_, _, _, _, let outcome) = event.kind { outcomes.append(outcome) }
        }
        return outcomes
    }

    private static func fail(_ text: String) throws { throw MailError(description: text) }

    @Test("A body that returns has the outcome returned, in asynchronous and synchronous code.")
    func returned() throws {
        let container = self.container
        try self.simulation.run { try await container.withScope("later") { _ in } }
        try container.withScope("at once") { _ in }
        #expect(self.outcomes() == [.returned, .returned])
        #expect(container.snapshot().outcomes?.returned == 2)
    }

    @Test("A body that throws has the error's type and text, without passwords and control characters.")
    func threw() throws {
        let container = self.container
        let text = "postgres://app:secret@db refused\n\u{1B}[2J"
        #expect(throws: MailError.self) {
            try self.simulation.run { try await container.withScope("later") { _ in try Self.fail(text) } }
        }
        #expect(throws: MailError.self) { try container.withScope("at once") { _ in try Self.fail(text) } }
        let outcome = ScopeOutcome.threw(type: "MailError", text: "postgres://app:***@db refused ␛[2J")
        #expect(self.outcomes() == [outcome, outcome])
        #expect(outcome.description == "threw MailError: postgres://app:***@db refused ␛[2J")
        #expect(container.snapshot().outcomes?.threw == 2)
    }

    @Test("The text of an error has a limited length.")
    func longText() throws {
        let container = self.container
        #expect(throws: MailError.self) {
            try container.withScope { _ in try Self.fail(String(repeating: "x", count: 100_000)) }
        }
        guard case .threw(_, let text) = self.outcomes().first ?? nil else { throw Failure(description: "it did not throw") }
        #expect(text.unicodeScalars.count == 2_000)
    }

    @Test("An error is described once, without a lock held, so its description may read the container.")
    func describedOnce() throws {
        struct Reading: Error, CustomStringConvertible {
            let container: Container
            let diary: Diary

            var description: String {
                self.diary.write("described")
                return "\(self.container.snapshot().closedScopes) closed"
            }
        }
        let (container, diary) = (self.container, Diary())
        func read() throws { throw Reading(container: container, diary: diary) }
        // Not `#expect(throws:)`, which describes the error as well.
        var hasThrown = false
        do { try container.withScope { _ in try read() } } catch is Reading { hasThrown = true }
        #expect(hasThrown)
        #expect(diary.entries == ["described"])
        #expect(self.outcomes() == [.threw(type: "Reading", text: "0 closed")])
    }

    @Test("A CancellationError in a canceled task is a cancellation, and any other error is thrown.")
    func canceled() throws {
        let (container, simulation) = (self.container, self.simulation)
        try simulation.run {
            let time = simulation.environment.time
            for body in ["canceled", "fails", "returns"] {
                let task = simulation.spawn {
                    try? await container.withScope(body) { _ in
                        do {
                            try await time.sleep(for: .seconds(10))
                        } catch {
                            if body == "canceled" { throw error }
                            if body == "fails" { try Self.fail("interrupted") }
                        }
                    }
                }
                try await time.sleep(for: .seconds(1))
                task.cancel()
                await task.value
            }
            try? await container.withScope("not canceled") { _ in
                let cancellation = CancellationError()
                throw cancellation
            }
        }
        let expected: [ScopeOutcome?] = [
            .canceled, .threw(type: "MailError", text: "interrupted"), .returned,
            .threw(type: "CancellationError", text: "CancellationError()"),
        ]
        #expect(self.outcomes() == expected)
        #expect(container.snapshot().outcomes?.canceled == 1)
    }

    @Test("A scope that is opened by hand, or closed before its body ends, has no outcome.")
    func none() throws {
        let (container, simulation) = (self.container, self.simulation)
        try simulation.run {
            let scope = try container.openScope("by hand")
            try await scope.close()
            try await container.withScope("closes itself") { scope in _ = try await scope.close() }
            let outer = try container.openScope("outer")
            let inner = simulation.spawn {
                try? await outer.withScope("inner") { _ in try await simulation.environment.time.sleep(for: .seconds(5)) }
            }
            try await simulation.environment.time.sleep(for: .seconds(1))
            try await outer.close()
            await inner.value
        }
        #expect(self.outcomes() == [nil, nil, nil, nil])
        #expect(container.snapshot().outcomes?.none == 4)
    }

    @Test("A body that ends while its scope is being closed still has an outcome.")
    func endsDuringClose() throws {
        let (container, simulation, diary) = (self.container, self.simulation, Diary())
        let time = simulation.environment.time
        try container.bind(Thing.self) { Thing("slow", diary, onDispose: { try await time.sleep(for: .seconds(5)) }) }
        try simulation.run {
            try await container.withScope("job") { scope in
                _ = try await scope.get(Thing.self)
                simulation.spawn { _ = try? await scope.close() }
                try await time.sleep(for: .seconds(1))
            }
        }
        #expect(self.outcomes() == [.returned])
    }

    @Test("An eager instance that cannot be created counts as an error of the body, which does not run.")
    func eager() throws {
        let container = self.container
        try container.bind(Int.self, options: BindingOptions(eager: true)) { () throws -> Int in throw MailError(description: "no number") }
        let ran = Diary()
        #expect(throws: ResourceError.self) {
            try self.simulation.run { try await container.withScope { _ in ran.write("ran") } }
        }
        let outcome = try #require(self.outcomes().first ?? nil)
        #expect(outcome.kind == .threw)
        #expect(outcome.description.hasPrefix("threw ResourceError: "))
        #expect(outcome.description.hasSuffix("no number"))
        #expect(ran.entries.isEmpty)
    }

    @Test("The outcomes add up to the closed scopes. The root has none and is not counted.")
    func sum() throws {
        let container = self.container
        try self.simulation.run {
            try? await container.withScope("outer") { outer in
                try await outer.withScope("first") { _ in }
                try await outer.withScope("second") { _ in try Self.fail("refused") }
            }
            _ = try container.openScope("left open")
            try await container.close()
        }
        let refused = ScopeOutcome.threw(type: "MailError", text: "refused")
        #expect(self.outcomes() == [.returned, refused, refused, nil, nil])
        let snapshot = container.snapshot()
        let counts = try #require(snapshot.outcomes)
        #expect(counts.returned == 1)
        #expect(counts.threw == 2)
        #expect(counts.canceled == 0)
        #expect(counts.none == 1)
        #expect(counts.total == snapshot.closedScopes)
        #expect(container.audit().isEmpty)
    }

    @Test(
        "An outcome in words names the type of the error once.",
        arguments: [
            (ScopeOutcome.returned, "returned"), (.canceled, "canceled"),
            (.threw(type: "MailError", text: "refused"), "threw MailError: refused"),
            (.threw(type: "MailError", text: "MailError(code: 3)"), "threw MailError(code: 3)"),
            (.threw(type: "MailError", text: ""), "threw MailError"),
        ]
    )
    func words(_ outcome: ScopeOutcome, _ words: String) {
        #expect(outcome.description == words)
    }
}

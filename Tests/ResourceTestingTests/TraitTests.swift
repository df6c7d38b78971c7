import ResourceContainer
import ResourceTesting
import Testing

private protocol Mailer: Sendable {
    var name: String { get }
}

private struct RealMailer: Mailer {
    let name = "real"
}

private struct FakeMailer: Mailer {
    let name = "fake"
}

private final class Outbox: Sendable {
    let mailer: any Mailer
    init(mailer: any Mailer) { self.mailer = mailer }
}

private let shop = Result {
    try Container("shop") {
        Bind((any Mailer).self, lifetime: .singleton) { RealMailer() }
        Bind(Outbox.self, lifetime: .singleton, Outbox.init)
        Bind(Int.self, lifetime: .singleton) { 1 }
    }
}

/// Returns the container of the application under test.
private func application() throws -> Container {
    try shop.get()
}

private func mailerName() async throws -> String {
    try await application().get(Outbox.self).mailer.name
}

@Suite("Traits that override bindings")
struct OverridingTraitTests {
    @Test("Without the trait, a test resolves the container's bindings.")
    func without() async throws {
        #expect(try await mailerName() == "real")
    }

    @Test(
        "With the trait, a test and what depends on the key resolve the override.",
        .overriding(in: try application()) {
            Bind((any Mailer).self) { FakeMailer() }
        }
    )
    func with() async throws {
        #expect(try await mailerName() == "fake")
    }

    @Test(
        "Each case has its own instances, also in parallel.",
        .overriding(in: try application()) { Bind(Int.self) { 2 } },
        arguments: 0..<8
    )
    func cases(_ number: Int) async throws {
        let first = try await application().get(Int.self)
        #expect(first == 2)
        #expect(try await mailerName() == "real")
    }

    @Suite("In a suite with the trait", .overriding(in: try application()) { Bind((any Mailer).self) { FakeMailer() } })
    struct Inner {
        @Test("Every test resolves the override.")
        func inherited() async throws {
            #expect(try await mailerName() == "fake")
        }

        @Test("Overrides of a test are added to those of its suite.", .overriding(in: try application()) { Bind(Int.self) { 3 } })
        func added() async throws {
            #expect(try await mailerName() == "fake")
            #expect(try await application().get(Int.self) == 3)
        }
    }
}

@Suite("The trait that reports expectations where they are", .reportsExpectations)
struct ExpectationTraitTests {
    private struct Broken: Error {}

    /// Returns the issue that the trait records for an error of a test, and the error that it rethrows.
    private func outcome(_ body: @escaping @Sendable @concurrent () async throws -> Void) async throws -> (Issue?, (any Error)?) {
        let test = try #require(Test.current)
        let recorded = Lock<Issue?>(nil)
        let thrown = Lock<(any Error)?>(nil)
        await withKnownIssue(isIntermittent: true) {
            do { try await ExpectationTrait.reportsExpectations.provideScope(for: test, testCase: nil, performing: body) } catch {
                thrown.withLock { $0 = error }
            }
        } matching: { issue in
            recorded.withLock { $0 = issue }
            return true
        }
        return (recorded.withLock { $0 }, thrown.withLock { $0 })
    }

    @Test("An unmet expectation is recorded at its source location.")
    func unmet() async throws {
        let line = #line + 3
        let (issue, error) = try await self.outcome {
            try await withTestContainer { container in
                try await expectDisposal(in: container, order: ["Orders"]) {}
            }
        }
        #expect(issue?.sourceLocation?.line == line)
        #expect(issue?.sourceLocation?.fileID == #fileID)
        #expect((issue?.error as? ExpectationFailure)?.description.hasPrefix("TraitTests.swift:\(line): expected: ") == true)
        #expect(error == nil)
    }

    @Test("The expectation of a seed that failed is recorded with the seed, at the source location of the expectation.")
    func sweeps() async throws {
        let line = #line + 3
        let (issue, error) = try await self.outcome {
            try await sweep(seeds: 4..<6) { simulation in
                try LifecycleRecord(of: Container(environment: simulation.environment)).expectDisposed(["Orders"])
            }
        }
        #expect(issue?.sourceLocation?.line == line)
        #expect((issue?.error as? SweepFailure)?.seed == 4)
        #expect(error == nil)
    }

    @Test("Other errors are rethrown, and so is an expectation whose source location Swift Testing does not accept.")
    func others() async throws {
        let (issue, error) = try await self.outcome { throw Broken() }
        #expect(issue == nil)
        #expect(error is Broken)
        let (none, unlocated) = try await self.outcome {
            try LifecycleRecord(of: Container()).expectDisposed(["Orders"], fileID: "none", filePath: "", line: 0)
        }
        #expect(none == nil)
        #expect(unlocated is ExpectationFailure)
    }

    @Test("A test whose expectations are met passes.")
    func met() async throws {
        let container = Container()
        try await expectNoLeaks(in: container) { try await container.withScope { _ in } }
        try await container.close()
    }
}

import ResourceContainer

// The code between the markers equals the samples in docs/migrating.md. A test compares them.

// sample: migration-types
protocol Mailer: Sendable {
    func send(_ text: String, to address: String) async throws
}

struct SMTPMailer: Mailer {
    func send(_ text: String, to address: String) async throws {}  // connects
}

struct SilentMailer: Mailer {
    func send(_ text: String, to address: String) async throws {}
}

final class Signup: Sendable {
    private let mailer: any Mailer

    init(mailer: any Mailer) { self.mailer = mailer }

    func welcome(_ address: String) async throws { try await self.mailer.send("Welcome!", to: address) }
}
// end

/// The samples of docs/migrating.md.
enum MigrationSamples {
    static func makeContainer() throws -> Container {
        // sample: migration-bindings
        let mail = Module {
            Bind((any Mailer).self, lifetime: .singleton) { SMTPMailer() }
            Bind((any Mailer).self, name: "quiet", lifetime: .singleton) { SilentMailer() }
        }
        let container = try Container("shop") {
            mail
            Bind(Signup.self, Signup.init)
        }
        // end
        return container
    }

    static func problems(of container: Container) -> Int {
        // sample: migration-validate
        let report = container.validate()
        for problem in report.problems { print(problem) }  // missing bindings, cycles, captive dependencies
        // end
        return report.problems.count
    }

    static func run(_ container: Container) async throws {
        // sample: migration-scope
        try await container.withScope("request") { scope in
            let signup = try await scope.get(Signup.self)
            try await signup.welcome("ada@example.com")
        }  // everything that the request created is disposed here
        // end
    }

    static func override(_ container: Container) async throws {
        // sample: migration-override
        try await container.overriding {
            Bind((any Mailer).self, lifetime: .singleton) { SilentMailer() }
        } body: { _ in
            try await container.withScope("request") { scope in
                let signup = try await scope.get(Signup.self)  // created again, with the silent mailer
                try await signup.welcome("ada@example.com")
            }
        }
        // end
    }

    static func lifecycle(_ container: Container) throws {
        // sample: migration-lifecycle
        try container.bind(
            SMTPMailer.self,
            lifetime: .singleton,
            lifecycle: .managed(onInitialize: { try await $0.send("started", to: "ops@example.com") })
        ) { SMTPMailer() }
        // end
    }
}

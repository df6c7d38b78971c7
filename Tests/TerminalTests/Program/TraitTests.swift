import Foundation
import Testing

@Suite("Dependencies of the program")
struct TraitTests {
    // The graph of the integration tests enables the traits.
    @Test(
        "Without the traits Postgres and Redis, the program has no PostgreSQL or Redis libraries and rejects their options.",
        .enabled(if: ProcessInfo.processInfo.environment["RESMON_INTEGRATION"] != "1")
    )
    func libraries() async throws {
        let needed = try await ChildProcess.run("/usr/bin/ldd", [ResmonProgram.path])
        #expect(needed.status == 0)
        #expect(needed.output.contains("libncursesw"))
        #expect(!needed.output.contains("libpq"))
        #expect(!needed.output.contains("hiredis"))
        let refused = try await ResmonProgram.run("demo", "outage", "--postgres", "postgres://app:topsecret@127.0.0.1/shop")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("built without PostgreSQL"))
        #expect(refused.errors.contains("--traits default,Postgres"))
        #expect(!refused.errors.contains("topsecret"))
    }
}

import Foundation
import LoopbackServers
import PostgresResources
import ResourceContainer
import ResourceMonitoring
import Testing

extension PostgresTests {
    @Suite("PostgreSQL outages")
    struct OutageTests {
        /// A pool with budgets that suit a test.
        private func pool(_ server: PostgresServer, maximum: Int = 3) throws -> PostgresPool {
            var configuration = server.configuration()
            configuration.connectTimeout = .seconds(1)
            configuration.statementTimeout = .seconds(1)
            configuration.cancelTimeout = .milliseconds(300)
            return try PostgresPool(
                configuration,
                pool: PoolConfiguration(
                    maximum: maximum,
                    acquireBudget: .milliseconds(700),
                    createTimeout: .seconds(2),
                    validationFreshness: .zero,
                    validateTimeout: .milliseconds(400),
                    resetTimeout: .milliseconds(400)
                ),
                healthTimeout: .milliseconds(500)
            )
        }

        private func fill(_ pool: PostgresPool) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<pool.poolSample().maximum { group.addTask { try await pool.execute("SELECT pg_sleep(0.05)") } }
                try await group.waitForAll()
            }
        }

        /// Expects that the books of the pool balance, and that the server has exactly the pool's connections.
        private func expectNothingLeaked(_ pool: PostgresPool, _ observer: PostgresConnection) async throws {
            let agree = try await eventually {
                let sample = pool.poolSample()
                guard sample.pending == 0, sample.leased == 0, sample.waiting == 0 else { return false }
                return try await observer.count(of: "resmon") == sample.idle
            }
            #expect(agree, "\(pool.poolSample())")
            #expect(pool.poolSample().isBalanced)
            #expect(pool.poolSample().abandoned == 0)
        }

        /// The number of open sockets of this process.
        private var sockets: Int {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
            return names.count { name in
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)"))?.hasPrefix("socket:") == true
            }
        }

        @Test("While the server is stopped, health checks and acquisitions end within their budgets; both recover.")
        func stopped() async throws {
            let server = try await TestServers.current.template.server()
            let before = self.sockets
            let pool = try self.pool(server)
            let container = Container()
            try container.bind(PostgresPool.self, lifetime: .singleton) { pool }
            _ = try await container.get(PostgresPool.self)
            let checker = HealthChecker(container, deadline: .seconds(5))
            try await self.fill(pool)
            #expect(await checker.checkAll().values.map(\.status) == [.healthy])

            let lease = try await pool.pool.acquire()
            server.pause()
            let flip = await duration {
                let result = await checker.checkAll().values.first
                #expect(result?.status == .unhealthy)
                #expect(result?.message?.contains("the server did not answer within 0.5 seconds") == true)
            }
            #expect(flip < .seconds(5))
            let acquire = await duration {
                let error = await #expect(throws: PoolError.self) { try await pool.execute("SELECT 1") }
                #expect(error?.code == .timedOut)
            }
            #expect(acquire < .seconds(5))
            // A statement on a connection that was leased before.
            let statement = try await duration {
                let error = try await postgresError { try await lease.element.execute("SELECT 1") }
                #expect(error.code == .timedOut)
                #expect(error.message.hasSuffix("it did not end within 1.0 seconds and the connection was closed"))
            }
            #expect(statement < .seconds(6))
            lease.release()
            #expect(await checker.checkAll().values.map(\.status) == [.unhealthy])

            server.resume()
            #expect(try await eventually { (try? await pool.query("SELECT 42").rows[0][0]) == 42 })
            #expect(try await eventually { await checker.checkAll().values.map(\.status) == [.healthy] })
            try await withConnection(to: server, as: "observer") { (observer) async throws in
                try await self.expectNothingLeaked(pool, observer)
                _ = try await container.close()
                #expect(try await eventually { try await observer.count(of: "resmon") + observer.count(of: "resmon health") == 0 })
            }
            #expect(try await eventually { self.sockets == before })
            await server.stop()
        }

        @Test("A health checker with all defaults reports a stopped server as unhealthy before its own timeout.")
        func defaults() async throws {
            let server = try await TestServers.current.template.server()
            let container = Container()
            try container.bind(PostgresPool.self, lifetime: .singleton) { try PostgresPool(server.configuration(), maximum: 1) }
            _ = try await container.get(PostgresPool.self)
            let checker = HealthChecker(container)
            #expect(try await eventually { await checker.checkAll().values.map(\.status) == [.healthy] })
            server.pause()
            #expect(try await eventually { await checker.checkAll().values.map(\.status) == [.unhealthy] })
            server.resume()
            _ = try await container.close()
            await server.stop()
        }

        @Test("After the server is killed and restarted, the pool recovers, and neither side keeps a connection.")
        func killed() async throws {
            let server = try await TestServers.current.template.server()
            let before = self.sockets
            let pool = try self.pool(server)
            try await self.fill(pool)
            #expect(try await pool.healthCheck().status == .healthy)
            let running = Task { try await pool.execute("SELECT pg_sleep(60)") }
            try await Task.sleep(for: .milliseconds(50))
            await server.kill()
            #expect(try await postgresError { try await running.value }.code == .connectionLost)
            let error = await #expect(throws: PoolError.self) { try await pool.execute("SELECT 1") }
            #expect((error?.underlying as? PostgresError)?.code == .unreachable)
            #expect(try await pool.healthCheck().status == .unhealthy)

            try await server.start()
            #expect(try await eventually { (try? await pool.query("SELECT 42").rows[0][0]) == 42 })
            #expect(try await eventually { try await pool.healthCheck().status == .healthy })
            try await self.fill(pool)
            try await withConnection(to: server, as: "observer") { (observer) async throws in
                try await self.expectNothingLeaked(pool, observer)
                #expect(pool.poolSample().idle == 3)
                try await pool.dispose()
                #expect(try await eventually { try await observer.count(of: "resmon") + observer.count(of: "resmon health") == 0 })
            }
            let sample = pool.poolSample()
            #expect(sample.isBalanced)
            #expect(sample.made == sample.closed + sample.failed)
            #expect(try await eventually { self.sockets == before })
            await server.stop()
        }

        @Test("When the server is killed under load, every holder gets a result or an error, and the pool recovers.")
        func killedUnderLoad() async throws {
            let server = try await TestServers.current.template.server()
            let pool = try self.pool(server)
            try await self.fill(pool)
            let tasks = (0..<100).map { _ in
                Task {
                    for _ in 0..<10 {
                        do { try await pool.execute("SELECT pg_sleep(0.002)") } catch is PostgresError {} catch is PoolError {}
                    }
                }
            }
            try await Task.sleep(for: .milliseconds(100))
            await server.kill()
            try await Task.sleep(for: .milliseconds(100))
            try await server.start()
            for task in tasks { try await task.value }
            #expect(try await eventually { (try? await pool.query("SELECT 42").rows[0][0]) == 42 })
            try await withConnection(to: server, as: "observer") { (observer) async throws in
                try await self.expectNothingLeaked(pool, observer)
            }
            try await pool.dispose()
            await server.stop()
        }
    }
}

import Foundation
import LoopbackServers
import PostgresResources
import ResourceContainer
import Testing

extension PostgresTests {
    @Suite("Connecting to PostgreSQL")
    struct ConnectingTests {
        private func failure(_ configuration: PostgresConfiguration) async throws -> PostgresError {
            let connection = PostgresConnection(configuration)
            let error = try await postgresError { try await connection.initialize() }
            #expect(!connection.isUsable)
            #expect(try await postgresError { try await connection.ping() }.code == .connectionLost)
            return error
        }

        @Test("A connection can be opened by URL, by a host name, and by the server's socket.")
        func addressForms() async throws {
            let server = try TestServers.current.shared
            let password = "s3cr%2Fet%40%2520%20%27pass"
            let socket = server.socketDirectory.replacingOccurrences(of: "/", with: "%2F")
            for host in ["127.0.0.1:\(server.port)", "localhost:\(server.port)", "\(socket):\(server.port)"] {
                let url = "postgres://app:\(password)@\(host)/postgres?application_name=by%20url&connect_timeout=5&sslmode=disable"
                let connection = PostgresConnection(try PostgresConfiguration(url: url))
                try await connection.initialize()
                let name = try await connection.query("SHOW application_name").rows[0][0]
                #expect(name == "by url")
                try await connection.dispose()
            }
        }

        @Test("Without a server, connecting fails quickly, and the error names the host and the port.")
        func withoutServer() async throws {
            let port = try freeLoopbackPort()
            let configuration = PostgresConfiguration(host: "127.0.0.1", port: port, user: "app", password: "hunter2", database: "shop")
            let took = try await duration {
                let error = try await self.failure(configuration)
                #expect(error.code == .unreachable)
                #expect(error.address == "127.0.0.1:\(port)/shop")
                #expect("\(error)".hasPrefix("PostgreSQL, 127.0.0.1:\(port)/shop: connecting failed: "))
                #expect(error.message.contains("Connection refused"))
                #expect(!"\(error)".contains("\n"))
                #expect(!"\(error)".contains("hunter2"))
            }
            #expect(took < .seconds(5))
            let socket = PostgresConfiguration(host: "/nowhere", user: "app")
            #expect(try await self.failure(socket).code == .unreachable)
        }

        @Test("A host that does not resolve is named in the error.")
        func unresolvable() async throws {
            let error = try await self.failure(PostgresConfiguration(host: "no-such-host.invalid", user: "app", database: "shop"))
            #expect(error.code == .unreachable)
            #expect(error.message.hasPrefix("the host name \"no-such-host.invalid\" could not be resolved: "))
        }

        @Test("Connecting to a silent server ends at the connect timeout, and at once if the task is canceled.")
        func unresponsiveServer() async throws {
            let server = try await TestServers.current.template.server()
            var configuration = server.configuration()
            configuration.connectTimeout = .milliseconds(300)
            server.pause()
            let took = try await duration {
                let error = try await self.failure(configuration)
                #expect(error.code == .timedOut)
                #expect(error.message == "no answer within 0.3 seconds")
            }
            #expect(took < .seconds(5))
            configuration.connectTimeout = .seconds(60)
            let connection = PostgresConnection(configuration)
            let task = Task { try await connection.initialize() }
            try await Task.sleep(for: .milliseconds(50))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            server.resume()
            try await withConnection(to: server, as: "observer") { (observer) async throws in
                #expect(try await eventually { try await observer.count(of: "resmon") == 0 })
            }
            await server.stop()
        }

        /// A socket on the second loopback address that accepts connections and sends nothing.
        private func mute(port: Int) throws -> Int32 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            try #require(descriptor >= 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0002).bigEndian
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(status == 0 && listen(descriptor, 8) == 0)
            return descriptor
        }

        @Test("An address that does not answer uses its share of the connect timeout, and the next one is tried.")
        func addresses() async throws {
            let server = try TestServers.current.shared
            let mute = try self.mute(port: server.port)
            defer { close(mute) }
            func configuration(_ addresses: String, password: String = "s3cr%2Fet%40%2520%20%27pass") throws -> PostgresConfiguration {
                var configuration = try PostgresConfiguration(
                    url: "postgres://app:\(password)@localhost:\(server.port)/postgres?hostaddr=\(addresses)"
                )
                configuration.connectTimeout = .seconds(2)
                return configuration
            }
            let connection = PostgresConnection(try configuration("127.0.0.2,127.0.0.1"))
            try await connection.initialize()
            #expect(try await connection.answers)
            try await connection.dispose()
            #expect(try await self.failure(configuration("127.0.0.3,127.0.0.2")).code == .timedOut)
            #expect(try await self.failure(configuration("127.0.0.2,127.0.0.3")).code == .unreachable)
            // A failed login is not repeated at the second address, which would not answer.
            let refused = try await self.failure(configuration("127.0.0.1,127.0.0.2", password: "wrong"))
            #expect(refused.code == .authenticationFailed)
        }

        @Test("A wrong password is reported as such, and no text contains it or the right one.")
        func wrongPassword() async throws {
            let server = try TestServers.current.shared
            let configuration = server.configuration(password: "hunter2 wrong")
            let error = try await self.failure(configuration)
            #expect(error.code == .authenticationFailed)
            #expect(error.sqlState == "28P01")
            #expect(error.message.hasSuffix("FATAL: password authentication failed for user \"app\""))
            let none = PostgresConfiguration(host: "127.0.0.1", port: server.port, user: "app", database: "postgres")
            #expect(try await self.failure(none).code == .authenticationFailed)

            let container = Container()
            let events = container.subscribe()
            try container.bind(PostgresPool.self, lifetime: .singleton) {
                try PostgresPool(
                    configuration,
                    pool: PoolConfiguration(maximum: 2, minimumSize: 1, acquireBudget: .milliseconds(300), slowThreshold: .zero)
                )
            }
            let pool = try await container.get(PostgresPool.self)
            var texts: [String] = []
            for _ in 0..<2 {
                let refused = await #expect(throws: PoolError.self) { try await pool.execute("SELECT 1") }
                texts.append(try "\(#require(refused)) \(String(reflecting: refused))")
            }
            let health = try await pool.healthCheck()
            #expect(health.status == .unhealthy)
            texts.append("\(health)")
            texts.append("\(configuration) \(String(reflecting: configuration)) \(String(reflecting: error))")
            dump(pool, to: &texts[0])
            dump(configuration, to: &texts[0])
            dump(error, to: &texts[0])
            texts.append(String(decoding: try JSONEncoder().encode(container.snapshot()), as: UTF8.self))
            dump(container.snapshot(), to: &texts[0])
            texts.append("\(try await container.close())")
            let batch = events.drain()
            #expect(batch.missed == 0)
            let reported = batch.events.count { if case .errorReported = $0.kind { true } else { false } }
            #expect(reported > 0)
            texts += batch.events.map { "\($0)" }
            for text in texts {
                #expect(!text.contains("hunter2"))
                #expect(!text.contains(PostgresTemplate.password))
            }
        }

        @Test("A server that refuses a connection is reported with its reason.")
        func refused() async throws {
            let server = try TestServers.current.shared
            var configuration = server.configuration()
            configuration.database = "nosuch"
            let missing = try await self.failure(configuration)
            #expect(missing.code == .refused)
            #expect(missing.sqlState == "3D000")
            #expect(missing.message.hasSuffix("database \"nosuch\" does not exist"))
            let url = "postgres://app:x@127.0.0.1:\(server.port)/postgres?sslmode=require"
            let plain = try await self.failure(try PostgresConfiguration(url: url))
            #expect(plain.code == .refused)
            #expect(plain.message.contains("server does not support SSL"))
            let typo = try await self.failure(try PostgresConfiguration(url: url.replacingOccurrences(of: "require", with: "always")))
            #expect(typo.code == .invalidConfiguration)
            #expect(typo.message.contains("sslmode"))
        }
    }
}

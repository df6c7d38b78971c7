import ResourceContainer

// MARK: Pools of resources

extension DocumentationSamples {
    static func pool(_ container: Container) throws {
        let environment = container.environment
        try container.bind(ResourcePool<Connection>.self, lifetime: .singleton) { (log: SampleLog) in
            try ResourcePool(
                name: "database",
                configuration: PoolConfiguration(maximum: 8, acquireBudget: .seconds(5)),
                environment: environment,
                make: { Connection(log: log) },
                close: { await $0.close() }
            )
        }
    }

    static func lease(_ container: Container) async throws -> String {
        let pool = try await container.get(ResourcePool<Connection>.self)
        let rows = try await pool.withLease { connection in
            try await connection.execute("SELECT * FROM users")
        }  // the connection is released here, also when the body throws
        return rows
    }

    static func exhausted(_ pool: ResourcePool<Connection>, _ log: SampleLog) async throws {
        do {
            try await pool.withLease(budget: .milliseconds(200)) { _ in }
        } catch let error as PoolError where error.code == .timedOut {
            log.append("waited in phase \(error.phase?.rawValue ?? "-"), \(error.sample?.leased ?? 0) leased")
        } catch let error as PoolError where error.code == .exhausted {
            log.append("exhausted")  // whenEmpty: .fail
        }
    }

    static func leaseAsValue(_ pool: ResourcePool<Connection>) async throws -> String {
        let lease = try await pool.acquire()
        let rows = try await lease.element.execute("SELECT * FROM users")  // a throw drops the lease, which releases it
        lease.release()
        return rows
    }

    static func broken(_ pool: ResourcePool<Connection>) async throws {
        try await pool.withLease { connection, lease in
            do {
                _ = try await connection.execute("SELECT * FROM users")
            } catch {
                try lease.markBroken()  // closed on release instead of leased again
                throw error
            }
        }
    }

    static func hooks(_ log: SampleLog, _ environment: ResourceEnvironment) throws -> ResourcePool<Connection> {
        let pool = try ResourcePool(
            name: "database",
            configuration: PoolConfiguration(maximum: 8, minimumSize: 2, prefill: .wait, maximumLifetime: .seconds(1800)),
            environment: environment,
            make: { Connection(log: log) },
            validate: { try await $0.ping() },  // before leasing an item that was last used half a second ago or earlier
            reset: { try await $0.rollBack() },  // when an item is released
            close: { await $0.close() }
        )
        return pool
    }

    static func keyed(_ log: SampleLog, _ environment: ResourceEnvironment) async throws -> KeyedResourcePool<String, Connection> {
        let hosts = try KeyedResourcePool<String, Connection>(
            name: "hosts",
            configuration: PoolConfiguration(maximum: 100),
            maximumPerKey: 6,
            environment: environment,
            make: { host in
                log.append("connecting to \(host)")
                return Connection(log: log)
            },
            close: { await $0.close() }
        )
        let users = try await hosts.withLease("api.example.com") { connection in
            try await connection.execute("GET /users")
        }
        log.append(users)
        return hosts
    }

    static func changing(_ pool: ResourcePool<Connection>) throws {
        try pool.resize(maximum: 16)
        pool.expireAll()  // new credentials: closes idle items now and leased items on release
    }

    static func closing(_ pool: ResourcePool<Connection>, _ log: SampleLog) async {
        let report = await pool.close()
        log.append("closed \(report.closed), abandoned \(report.abandoned)")
        for holder in report.unreturned {
            log.append("not released: \(holder.location.file)")
        }
    }

    static func metrics(_ pool: ResourcePool<Connection>, _ log: SampleLog) {
        let metrics = pool.metrics()
        log.append("\(metrics.activeConnections) leased, \(metrics.idle) idle, \(metrics.totalCreated) created")
        log.append("waited \(metrics.avgConnectionTime) s on average, \(metrics.maxConnectionTime) s at most")
    }
}

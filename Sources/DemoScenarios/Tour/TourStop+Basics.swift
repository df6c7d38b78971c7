import ResourceContainer

extension TourStop {
    static let lifecycle = [
        TourStop(section: "Resource Lifecycle", heading: "Basic Resource Pattern") { tour in
            try await tour.say("A binding states how an instance is created. Nothing exists yet: the first access creates it.")
            try await tour.scope { scope in
                let database = try await scope.get(DatabaseConnection.self)
                try await tour.say("The first get has initialized DatabaseConnection; press 3 to see it.")
                try await database.execute("SELECT 1")
                _ = try await scope.get(DatabaseConnection.self)
                try await tour.say("A second get has returned the same instance: a scope has one instance of each binding.")
            }
            try await tour.say("The scope has closed and disposed its connection.")
        },
        TourStop(section: "Resource Lifecycle", heading: "Resource Scope Management") { tour in
            try await tour.scope("outer") { outer in
                _ = try await outer.get(DatabaseConnection.self)
                try await outer.withScope("inner", tag: "tour") { inner in
                    _ = try await inner.get(CacheConnection.self)
                    try await tour.say("inner is a child of outer: 2 shows the tree, and the cache belongs to inner.")
                }
                try await tour.say("inner has closed: its cache is disposed, the connection of outer is not.")
            }
            try await tour.say("outer has closed too. Teardown disposes instances in reverse order, also after an error.")
        },
    ]

    static let types = [
        TourStop(section: "Resource Types", heading: "Connection Pool Resources") { tour in
            try await tour.scope { scope in
                let pool = try await scope.get(DatabasePool.self).pool
                try await pool.withLease { first in
                    try await first.execute("SELECT 1")
                    try await pool.withLease { second in
                        try await second.execute("SELECT 1")
                        try await tour.say("Both connections of DatabasePool are leased: 4 shows the holders and their source locations.")
                    }
                }
                try await tour.say("Both are released: idle, and still open for the next lease.")
            }
        },
        TourStop(section: "Resource Types", heading: "File Handle Resources") { tour in
            try await tour.scope { scope in
                let files = try await scope.get((any ReceiptFolder).self)
                try await files.write(order: 1, text: "one coffee")
                try await tour.say("A directory is a resource too: created on first use, and no file name can lead out of it.")
            }
            try await tour.say("All of its files are closed.")
        },
        TourStop(section: "Resource Types", heading: "Network Connection Resources") { tour in
            try await tour.scope { scope in
                let pool = try await scope.get(ClientPool.self).pool
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 1...8 {
                        group.addTask {
                            try await pool.withLease { connection in
                                try await connection.ask()
                                try await tour.world.pause(.milliseconds(200), .milliseconds(400))
                            }
                        }
                    }
                    try await tour.say("Eight requests share the four connections of ClientPool: 4 shows the waiters and their waits.")
                    try await group.waitForAll()
                }
            }
        },
    ]

    static let patterns = [
        TourStop(section: "Resource Patterns", heading: "Resource Factory Pattern") { tour in
            try await tour.scope { scope in
                for name in ["ledger-eu", "ledger-us", "audit-eu"] { _ = try await scope.get(Store.self, name: name) }
                try await tour.say("Three bindings of one type, distinguished by name: Store(ledger-eu), (ledger-us), (audit-eu).")
            }
        },
        TourStop(section: "Resource Patterns", heading: "Resource Decorator Pattern") { tour in
            try await tour.scope { scope in
                try await scope.get(SessionClient.self).ask()
                try await tour.say("SessionClient has no resource protocol: its binding names the calls for connect and disconnect.")
            }
            try await tour.say("The scope has closed, and the binding's disconnect has run.")
        },
        TourStop(section: "Resource Patterns", heading: "Resource Pool Pattern") { tour in
            let environment = tour.world.environment
            try await tour.scope { scope in
                let pool = try ResourcePool(
                    name: "Buffers",
                    configuration: PoolConfiguration(maximum: 3, minimumSize: 3, prefill: .wait),
                    environment: environment,
                    make: { Store() }
                )
                try await pool.initialize()
                try await pool.withLease { _ in
                    try await tour.say("Any type can be pooled: three buffers, created in advance, one of them leased.")
                }
                try await pool.dispose()
            }
            try await tour.say("The container did not own that pool: code that creates a pool directly must dispose it.")
        },
    ]
}

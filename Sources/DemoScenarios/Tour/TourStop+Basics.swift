import ResourceContainer

extension TourStop {
    static let lifecycle = [
        TourStop(section: "Resource Lifecycle", heading: "Basic Resource Pattern") { tour in
            try await tour.say("A binding says how an instance is made. Nothing has been made yet: the first access does it.")
            try await tour.scope { scope in
                let database = try await scope.get(DatabaseConnection.self)
                try await tour.say("DatabaseConnection was initialised by being asked for; press 3 to see it.")
                try await database.execute("SELECT 1")
                _ = try await scope.get(DatabaseConnection.self)
                try await tour.say("It was asked for again, and is the same one: a scope has one of each.")
            }
            try await tour.say("The scope has ended, and the connection was disposed with it.")
        },
        TourStop(section: "Resource Lifecycle", heading: "Resource Scope Management") { tour in
            try await tour.scope("outer") { outer in
                _ = try await outer.get(DatabaseConnection.self)
                try await outer.withScope("inner", tag: "tour") { inner in
                    _ = try await inner.get(CacheConnection.self)
                    try await tour.say("inner stands in outer: 2 shows the tree, and the cache belongs to inner.")
                }
                try await tour.say("inner has ended: its cache is disposed, the connection of outer is not.")
            }
            try await tour.say("outer has ended too. What was made last goes first, whatever happens.")
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
                        try await tour.say("Both connections of DatabasePool are lent: 4 shows who holds them, and from which line.")
                    }
                }
                try await tour.say("They are back, idle, and still open for the next borrower.")
            }
        },
        TourStop(section: "Resource Types", heading: "File Handle Resources") { tour in
            try await tour.scope { scope in
                let files = try await scope.get((any ReceiptFolder).self)
                try await files.write(order: 1, text: "one coffee")
                try await tour.say("A directory is a resource too: made when it is asked for, and no name leads out of it.")
            }
            try await tour.say("Nothing of it is open any more.")
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
                    try await tour.say("Eight requests share the four connections of ClientPool: 4 shows who waited, and how long.")
                    try await group.waitForAll()
                }
            }
        },
    ]

    static let patterns = [
        TourStop(section: "Resource Patterns", heading: "Resource Factory Pattern") { tour in
            try await tour.scope { scope in
                for name in ["ledger-eu", "ledger-us", "audit-eu"] { _ = try await scope.get(Store.self, name: name) }
                try await tour.say("Three bindings of one type, told apart by name: Store(ledger-eu), Store(ledger-us), Store(audit-eu).")
            }
        },
        TourStop(section: "Resource Patterns", heading: "Resource Decorator Pattern") { tour in
            try await tour.scope { scope in
                try await scope.get(SessionClient.self).ask()
                try await tour.say("SessionClient knows nothing of resources: its binding says what to call first and last.")
            }
            try await tour.say("It was disconnected, as its binding says.")
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
                    try await tour.say("Anything can be pooled: three buffers, made before the first is asked for, one of them lent.")
                }
                try await pool.dispose()
            }
            try await tour.say("That pool was nobody's resource: whoever makes one by hand disposes it by hand.")
        },
    ]
}

import ResourceContainer

extension TourStop {
    static let goodPractice = [
        TourStop(section: "Good Patterns", heading: "Proper Resource Cleanup") { tour in
            try? await tour.scope { scope in
                _ = try await scope.get(DatabaseConnection.self)
                try await tour.say("The body of this scope is about to throw.")
                throw ScenarioFault(description: "the order is not valid")
            }
            try await tour.say("It threw, and the connection was disposed nevertheless: the books in 1 balance.")
            try Self.useCache(tour.container, "\(tour.heading), synchronously")
            try await tour.say("Resources without asynchronous work can live in a synchronous scope: one was just opened and closed.")
        },
        TourStop(section: "Good Patterns", heading: "Resource Error Handling") { tour in
            try await tour.scope { scope in
                _ = try await scope.get((any Rates).self)
                try await tour.say("Rates failed to initialize: 6 shows the error, and the declared fallback is used instead.")
            }
        },
        TourStop(section: "Good Patterns", heading: "Resource Monitoring") { tour in
            try await tour.scope { scope in
                let pool = try await scope.get(ClientPool.self).pool
                for _ in 1...5 { try await pool.withLease { try await $0.ask() } }
                try await tour.say("The monitor counts: created, leased, waiting, median and 99th percentile are in 4 and in 3.")
            }
        },
    ]

    static let badPractice = [
        TourStop(section: "Bad Patterns", heading: "Manual Resource Management") { tour in
            try await Self.leakScope(tour.container)
            try await tour.say("A scope was opened by hand, and its reference is gone: no code can close it.")
            try await tour.say("Soon 7 reports it, with the line that opened it. withScope always closes its scope.")
        },
        TourStop(section: "Bad Patterns", heading: "Resource Exhaustion") { tour in
            try await tour.scope { scope in
                let pool = try await scope.get(DatabasePool.self).pool
                await withTaskGroup(of: Void.self) { group in
                    for _ in 1...6 {
                        group.addTask {
                            try? await pool.withLease { _ in try await tour.world.pause(.seconds(5), .seconds(6)) }
                        }
                    }
                    try? await tour.say("Six tasks want two connections, which stay leased too long: four time out after a second.")
                    await group.waitForAll()
                }
            }
            try await tour.say("Without the limit there would be six connections now, and six hundred under load.")
            try await tour.scope("\(tour.heading), slow") { scope in
                _ = try await scope.get(Archive.self)
                try await tour.say("Archive takes five seconds to dispose, with a budget of one: its scope is about to close.")
            }
            try await tour.say("It was abandoned so that teardown could continue: 6 and 7 name it.")
        },
        TourStop(section: "Bad Patterns", heading: "Improper Error Handling") { tour in
            try await tour.scope { scope in
                _ = try await scope.get(CacheConnection.self)
                _ = try await scope.get(Careless.self)
                _ = try await scope.get(Telling.self)
                try await tour.say("Careless throws in its dispose; Telling does not throw, but reports an error.")
            }
            try await tour.say("6 shows both errors. CacheConnection, disposed after them, was not affected.")
        },
    ]

    static let monitoring = [
        TourStop(section: "Resource Monitoring", heading: "Resource Usage Metrics") { tour in
            for number in 1...5 {
                try await tour.scope("\(tour.heading) \(number)") { scope in
                    _ = try await scope.get(DatabaseConnection.self)
                    _ = try await scope.get(CacheConnection.self)
                    try await tour.world.pause(.milliseconds(50), .milliseconds(300))
                }
            }
            try await tour.say("Five scopes have opened and closed: 1 shows created, disposed, active, errors and lifetimes.")
        },
        TourStop(section: "Resource Monitoring", heading: "Health Checks") { tour in
            let upstream = try await tour.container.get((any Upstream).self)
            _ = try await tour.container.get(ClientPool.self)
            try await tour.say("The health checker checks ClientPool at intervals: 5 shows its history.")
            try await upstream.setUp(false)
            try await tour.say("Its service is down now, and the next check will fail.")
            try await tour.say("Its dependents are affected: 8 shows which ones, and the cause.")
            try await tour.say("Each check has its own deadline: a check that hangs delays no other.")
            try await upstream.setUp(true)
            try await tour.say("The service is up again, and the next check will pass.")
        },
        TourStop(section: "Summary", heading: "Summary") { tour in
            try await tour.scope { scope in
                _ = try await scope.get(DatabaseConnection.self)
                _ = try await scope.get(CacheConnection.self)
                try await tour.say("Created on first use, shared in a scope, disposed with it, in order: that is the whole model.")
            }
            try await tour.say("The tour begins again. ':load 50' slows it down, Space pauses the dashboard, ? lists the keys.")
        },
    ]

    /// Opens and closes a synchronous scope.
    private static func useCache(_ container: Container, _ name: String) throws {
        try container.withScope(name, tag: "tour") { try $0.get(CacheConnection.self).set("user:7", "ada") }
    }

    /// The mistake of this stop: a scope is opened and used, and its reference is dropped.
    private static func leakScope(_ container: Container) async throws {
        _ = try await container.openScope("forgotten", tag: "tour").get(Attachment.self)
    }
}

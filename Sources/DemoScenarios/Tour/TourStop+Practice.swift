import ResourceContainer

extension TourStop {
    static let goodPractice = [
        TourStop(section: "Good Patterns", heading: "Proper Resource Cleanup") { tour in
            try? await tour.scope { scope in
                _ = try await scope.get(DatabaseConnection.self)
                try await tour.say("The body of this scope is about to throw.")
                throw Mishap(description: "the order is not valid")
            }
            try await tour.say("It threw, and the connection was disposed all the same: the books under 1 add up.")
            try Self.look(tour.container, "\(tour.heading), synchronously")
            try await tour.say("What never waits can live in a synchronous scope, which was just opened and closed.")
        },
        TourStop(section: "Good Patterns", heading: "Resource Error Handling") { tour in
            try await tour.scope { scope in
                _ = try await scope.get((any Rates).self)
                try await tour.say("Rates could not be initialised: 6 has the reason, and its declared fallback is used instead.")
            }
        },
        TourStop(section: "Good Patterns", heading: "Resource Monitoring") { tour in
            try await tour.scope { scope in
                let pool = try await scope.get(ClientPool.self).pool
                for _ in 1...5 { try await pool.withLease { try await $0.ask() } }
                try await tour.say("Nobody had to count: made, lent, waited for, median and 99th percentile are under 4 and under 3.")
            }
        },
    ]

    static let badPractice = [
        TourStop(section: "Bad Patterns", heading: "Manual Resource Management") { tour in
            try await Self.forget(tour.container)
            try await tour.say("A scope was opened by hand, and nobody has it any more to close it.")
            try await tour.say("7 says so in a moment, with the line that opened it. withScope cannot forget.")
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
                    try? await tour.say("Six want the two connections, for longer than others wait: four give up after a second.")
                    await group.waitForAll()
                }
            }
            try await tour.say("Without a limit there would be six connections now, and six hundred tomorrow.")
            try await tour.scope("\(tour.heading), slow") { scope in
                _ = try await scope.get(Archive.self)
                try await tour.say("Archive takes five seconds to be disposed, and is given one: its scope is about to end.")
            }
            try await tour.say("It was abandoned, so that the rest could go on: 6 and 7 name it.")
        },
        TourStop(section: "Bad Patterns", heading: "Improper Error Handling") { tour in
            try await tour.scope { scope in
                _ = try await scope.get(CacheConnection.self)
                _ = try await scope.get(Careless.self)
                _ = try await scope.get(Telling.self)
                try await tour.say("Careless throws in its dispose; Telling does not, but reports what went wrong.")
            }
            try await tour.say("Both stand under 6, and CacheConnection, which came after them, was disposed none the less.")
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
            try await tour.say("Five scopes came and went: created, disposed, active, errors and lifetimes stand under 1.")
        },
        TourStop(section: "Resource Monitoring", heading: "Health Checks") { tour in
            let upstream = try await tour.container.get((any Upstream).self)
            _ = try await tour.container.get(ClientPool.self)
            try await tour.say("ClientPool is asked now and then how it is: 5 shows its history.")
            try await upstream.setUp(false)
            try await tour.say("The service behind it is down now, and the next check will meet that.")
            try await tour.say("Whatever needs it is affected: 8 shows how far, and from where.")
            try await tour.say("A check has a deadline of its own: one that hangs holds up no other.")
            try await upstream.setUp(true)
            try await tour.say("It is up again, and the next check sees it.")
        },
        TourStop(section: "Summary", heading: "Summary") { tour in
            try await tour.scope { scope in
                _ = try await scope.get(DatabaseConnection.self)
                _ = try await scope.get(CacheConnection.self)
                try await tour.say("Made when asked for, shared in a scope, disposed with it, in order: that is all there is to remember.")
            }
            try await tour.say("The tour begins again. ':load 50' slows it down, Space halts the picture, ? has every key.")
        },
    ]

    /// A scope on the caller's stack.
    private static func look(_ container: Container, _ name: String) throws {
        try container.withScope(name, tag: "tour") { try $0.get(CacheConnection.self).set("user:7", "ada") }
    }

    /// The error this is about: a scope that is opened, used, and let go of.
    private static func forget(_ container: Container) async throws {
        _ = try await container.openScope(named: "forgotten", tag: "tour").get(Attachment.self)
    }
}

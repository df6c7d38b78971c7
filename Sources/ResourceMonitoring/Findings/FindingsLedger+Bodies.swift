import ResourceContainer

/// The rule for scopes whose bodies throw.
extension FindingsLedger {
    /// The recent outcomes of the scopes that one line of code opened. Kept from a body that throws until ten seconds pass without one.
    struct BodyWatch: Sendable {
        /// The tag of the newest scope whose body threw.
        var tag: String
        /// The outcome of that scope.
        var last: ScopeOutcome
        var threw = RecentCount()
        /// The number of bodies that ended with any outcome.
        var ended = RecentCount()
    }

    /// The number of bodies that throw within ten seconds, as at least half of those that end, for the finding to be raised.
    static let throwingBodies = 10
    /// The largest number of source locations whose scopes are watched.
    static let watchedBodies = 256

    /// Counts a scope whose body ended. O(1), and one comparison while no body throws.
    mutating func bodyEnded(_ outcome: ScopeOutcome, _ event: ResourceEvent, in picture: MonitorLedger) {
        let threw = outcome.kind == .threw
        guard threw || !self.bodies.isEmpty, let scope = picture.scope(event.scope) else { return }
        var watch: BodyWatch
        if let known = self.bodies[scope.location] {
            watch = known
        } else if threw, self.bodies.count < Self.watchedBodies {
            watch = BodyWatch(tag: "", last: outcome)
        } else {
            return
        }
        watch.ended.add(1, at: event.time)
        if threw {
            watch.threw.add(1, at: event.time)
            (watch.tag, watch.last) = (TagLedger.tag(of: scope), outcome)
        }
        self.bodies[scope.location] = watch
    }

    /// Checks how many bodies throw. O(watched source locations).
    mutating func scanBodies(at time: TimeSource.Instant) {
        for location in self.bodies.keys.sorted(by: { ($0.file, $0.line) < ($1.file, $1.line) }) {
            guard var watch = self.bodies[location] else { continue }
            let (threw, ended) = (watch.threw.total(at: time), watch.ended.total(at: time))
            let key = FindingTable.Key(kind: .scopesFailing, location: location)
            if threw >= Self.throwingBodies, ended <= threw.multipliedSaturated(by: 2) {
                self.raise(
                    key,
                    .high,
                    Finding.Subject(label: watch.tag),
                    "\(threw) of \(ended) bodies that ended within \(RecentCount.window) s threw; the last: \(watch.last)",
                    location: location,
                    advice: "Read the error: bodies that throw one after the other usually have one cause, such as a backend that is down.",
                    again: self.table.stands(key) ? 0 : 1,
                    at: time
                )
            } else if threw <= Self.throwingBodies / 2 || ended > threw.multipliedSaturated(by: 4) {
                self.table.withdraw(key, at: time)
            }
            self.bodies[location] = threw > 0 ? watch : nil
        }
        if !self.bodies.isEmpty { self.look(at: time + Self.scanInterval) }
    }
}

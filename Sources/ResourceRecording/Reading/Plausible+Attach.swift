import ResourceContainer
import ResourceMonitoring

/// The body of a line of an attached stream, whose figures are checked before they are used.
protocol PlausibleBody {
    /// Checks that the figures are possible.
    func check() throws(Impossible)
}

extension Plausible {
    /// Checks a duration in nanoseconds that is written as a number.
    fileprivate static func check(nanoseconds: Int64?, _ what: @autoclosure () -> String) throws(Impossible) {
        guard let nanoseconds else { return }
        try self.check((0...self.nanoseconds).contains(nanoseconds), "\(what()): \(nanoseconds) ns is not a duration")
    }
}

extension AttachDescription: PlausibleBody {
    func check() throws(Impossible) {
        try Plausible.check(Plausible.origins.contains(self.started), "the start of the server is not between the years 1933 and 2116")
        try Plausible.check(nanoseconds: self.beatNanoseconds, "the time between beats")
        try Plausible.check(nanoseconds: self.pastNanoseconds, "the past that is kept")
        let processStarted = self.processStarted ?? self.started
        try Plausible.check(Plausible.origins.contains(processStarted), "the start of the process is not between the years 1933 and 2116")
        try Plausible.check(self.pid >= 0, "the number of the process is below 0")
    }
}

extension AttachBeat: PlausibleBody {
    func check() throws(Impossible) {
        try Plausible.check(nanoseconds: self.lagNanoseconds, "the delay of a task")
        try Plausible.check(nanoseconds: self.waitingNanoseconds, "the wait of a task")
        try Plausible.check(nanoseconds: self.pastNanoseconds, "the past that is kept")
        try self.summary?.check()
    }
}

extension AttachSummary: PlausibleBody {
    func check() throws(Impossible) {
        try Plausible.check(nanoseconds: self.uptimeNanoseconds, "the uptime")
        for (name, count) in [
            ("scopes", self.scopes), ("active", self.active), ("errors", self.errors), ("waiting", self.waiting),
            ("findings", self.findings ?? 0), ("used", self.pool?.used ?? 0),
        ] {
            try Plausible.check(count: count, "a summary, \(name)")
        }
        // The limit has no upper limit: the program configures it.
        try Plausible.check(self.pool.map { $0.limit >= 0 } ?? true, "a pool's limit is below 0")
    }
}

extension AttachAnswer: PlausibleBody {
    func check() throws(Impossible) {
        if let count = self.count { try Plausible.check(count: count, "the resources that were checked") }
        try self.report?.check()
    }
}

extension RecordingEnd: PlausibleBody {
    func check() throws(Impossible) {
        try self.report?.check()
    }
}

extension DisposeReport: PlausibleBody {
    func check() throws(Impossible) {
        var open = [self]
        while let report = open.popLast() {
            open += report.children
            try Plausible.check(report.took, "a close")
            for entry in report.entries {
                try Plausible.check(count: entry.order, "the order of a disposal")
                try Plausible.check(entry.took, "a disposal")
                for holder in entry.unreturned {
                    try Plausible.check(count: holder.slot, "a holder's slot")
                    try Plausible.check(holder.since, "the start of a lease")
                }
            }
        }
    }
}

extension MonitorReport: PlausibleBody {
    func check() throws(Impossible) {
        try Plausible.check(self.sequence <= UInt64(Plausible.count), "the number of the last event is too large")
        try Plausible.check(count: self.openScopes, "open scopes")
        try Plausible.check(count: self.closedScopes, "closed scopes")
        try Plausible.check((self.missedEvents ?? 0) <= UInt64(Plausible.count), "the number of missed events is too large")
        try self.overall.check()
        try self.external.check()
        for group in self.keys.values { try group.check() }
        for group in self.tags.values { try group.check() }
        for counts in (self.outcomes ?? [:]).values { try Plausible.check(counts) }
        for scope in self.scopes { try scope.figures.check() }
        for pool in self.pools { try pool.check() }
        for count in self.healthCounts?.figures ?? [] { try Plausible.check(count: count, "the health of resources") }
        for finding in self.findings {
            try Plausible.check(count: finding.count, "the occurrences of a finding")
            try Plausible.check(count: finding.subjectCount, "the subjects of a finding")
            for time in [finding.firstSeen, finding.lastSeen] { try Plausible.check(time, "the time of a finding") }
        }
        for count in [self.folded.keys, self.folded.scopes, self.folded.findingSubjects] {
            try Plausible.check(count: count, "the rows beyond a limit")
        }
    }
}

extension MonitorReport.Group {
    fileprivate func check() throws(Impossible) {
        for count in [
            self.resourcesCreated, self.resourcesDisposed, self.activeResources, self.resourceErrors, self.initializing, self.ready,
            self.disposing, self.initFailed, self.abandoned, self.totalLifetimesTracked,
        ] {
            try Plausible.check(count: count, "the figures of a report")
        }
    }
}

extension MonitorReport.Pool {
    fileprivate func check() throws(Impossible) {
        for count in [
            self.activeConnections, self.totalCreated, self.waiting, self.idle, self.exhausted, self.timedOut, self.leaked, self.minimum,
            self.pending, self.leases,
        ] {
            try Plausible.check(count: count, "the figures of a pool")
        }
        // The maximum has no upper limit: the program configures it.
        try Plausible.check(self.maximum >= 0, "a pool's maximum is below 0")
        for buckets in [self.waits, self.holds, self.creations] { try Plausible.check(buckets.sum, "a pool's times") }
        for example in self.waitTraces ?? [] { try Plausible.check(example.waited, "a wait with a trace") }
    }
}

extension HealthCounts {
    fileprivate var figures: [Int] {
        HealthStanding.allCases.map { self[$0] }
    }
}

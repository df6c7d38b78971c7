import ResourceContainer
import ResourceMonitoring

/// A decoder of recording lines into monitor inputs. A pure value without a file or a clock.
struct RecordingDecoder: Sendable {
    private var pools: [PoolSample] = []
    private var outliving: [OutlivingResource] = []
    private var forgottenScopes: [ScopeID] = []
    private var health: HealthPicture?
    /// The number of events in the last input whose kind was added by a newer version.
    private(set) var unknownEvents = 0

    /// An error for changes that do not apply to the previous list.
    struct Mismatch: Error {}

    static func header(_ line: RecordingLine) throws -> RecordingHeader {
        try Self.body(RecordingHeader.self, of: line)
    }

    private static func checkTexts(_ line: RecordingLine) throws(Impossible) {
        let longest = JSONTexts.longest(in: line.body)
        try Plausible.check(longest <= Plausible.text, "it has a text of \(longest) bytes, and the longest is \(Plausible.text)")
    }

    /// Decodes the body of a line that contains no changes: any line but an input.
    static func body<Body: Decodable>(_ type: Body.Type, of line: RecordingLine) throws -> Body {
        try Self.checkTexts(line)
        return try ForeignJSON.decode(type, from: line.body)
    }

    /// Decodes a snapshot to continue from, and forgets the lines before it.
    mutating func snapshot(_ line: RecordingLine) throws -> ContainerSnapshot {
        self.forget()
        return try Self.body(ContainerSnapshot.self, of: line)
    }

    /// Forgets the lines before a `snapshot` line: the lines after it are written in full. Needed even if the snapshot is skipped.
    mutating func forget() {
        self.pools = []
        self.outliving = []
        self.forgottenScopes = []
        self.health = nil
    }

    mutating func input(_ line: RecordingLine) throws -> MonitorInput {
        try Self.checkTexts(line)
        let body = try RecordedInputReader(line.body)
        self.unknownEvents = body.unknownEvents
        var input = MonitorInput(
            time: line.time,
            batch: EventBatch(missed: body.missed, snapshot: body.snapshot, events: body.events)
        )
        if let samples = body.samples { input.samples = try self.whole(samples) }
        return input
    }

    private mutating func whole(_ samples: RecordedSamples) throws -> MonitorSamples {
        if let changes = samples.pools {
            guard let pools = changes.applied(to: self.pools) else { throw Mismatch() }
            self.pools = pools
        }
        var whole = MonitorSamples(pools: self.pools)
        if let uses = samples.uses {
            guard uses.count.isMultiple(of: 2) else { throw Mismatch() }
            whole.uses = try stride(from: 0, to: uses.count, by: 2).map { index in
                guard let count = Int(exactly: uses[index + 1]) else { throw Mismatch() }
                return MonitorSamples.Uses(resource: ResourceID(uses[index]), uses: count)
            }
        }
        guard let slow = samples.slow else { return whole }
        self.outliving = slow.outliving ?? self.outliving
        self.forgottenScopes = slow.forgottenScopes ?? self.forgottenScopes
        if let changes = slow.health {
            guard let health = changes.picture(after: self.health) else { throw Mismatch() }
            self.health = health
        } else {
            self.health = nil
        }
        whole.slow = MonitorSamples.Slow(
            outliving: self.outliving,
            forgottenScopes: self.forgottenScopes,
            books: slow.books,
            booksSequence: slow.booksSequence,
            health: self.health
        )
        return whole
    }
}

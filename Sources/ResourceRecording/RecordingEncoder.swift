import ResourceContainer
import ResourceMonitoring

/// An encoder of monitor inputs into recording lines. A pure value without a file or a clock.
struct RecordingEncoder: Sendable {
    /// The longest text in bytes of its JSON form; longer texts are cut. Names and messages of a program can have any length.
    static let textLimit = 1 << 14

    private var number: UInt64 = 0
    // The samples of the previous line.
    private var pools: [PoolSample] = []
    private var uses: [ResourceID: Int] = [:]
    private var outliving: [OutlivingResource] = []
    private var forgottenScopes: [ScopeID] = []
    private var health: HealthPicture?

    /// Encodes the first line of a recording.
    mutating func line(_ header: RecordingHeader, at time: TimeSource.Instant) throws(JSONBytes.Fault) -> [UInt8] {
        try self.line(.header, header, at: time)
    }

    /// Encodes a snapshot. The lines after it are written in full, so that they can be read without the lines before it.
    mutating func line(_ snapshot: ContainerSnapshot, at time: TimeSource.Instant) throws(JSONBytes.Fault) -> [UInt8] {
        self.pools = []
        self.uses = [:]
        self.outliving = []
        self.forgottenScopes = []
        self.health = nil
        return try self.line(.snapshot, snapshot, at: time)
    }

    mutating func line(_ input: MonitorInput) throws(JSONBytes.Fault) -> [UInt8] {
        let batch = input.batch
        let body = RecordedInput(
            missed: batch.missed > 0 ? batch.missed : nil,
            snapshot: batch.snapshot,
            events: batch.events,
            samples: input.samples.map { self.changes($0) }
        )
        // Ended instances are no longer used.
        for event in batch.events where event.kind.isEnd {
            if let resource = event.resource { self.uses[resource] = nil }
        }
        return try self.line(.input, body, at: input.time)
    }

    /// Encodes the end line, which marks the recording as complete.
    mutating func end(_ body: RecordingEnd = RecordingEnd(), at time: TimeSource.Instant) throws(JSONBytes.Fault) -> [UInt8] {
        try self.line(.end, body, at: time)
    }

    // MARK: Attached streams

    /// Encodes a sign of life.
    mutating func line(_ beat: AttachBeat, at time: TimeSource.Instant) throws(JSONBytes.Fault) -> [UInt8] {
        try self.line(.beat, beat, at: time)
    }

    /// Encodes the answer to a request.
    mutating func line(_ answer: AttachAnswer, at time: TimeSource.Instant) throws(JSONBytes.Fault) -> [UInt8] {
        try self.line(.answer, answer, at: time)
    }

    /// Encodes the figures of a monitor.
    mutating func line(_ report: MonitorReport, at time: TimeSource.Instant) throws(JSONBytes.Fault) -> [UInt8] {
        try self.line(.report, report, at: time)
    }

    // MARK: Parts

    private mutating func line(
        _ kind: RecordingLine.Kind,
        _ body: some JSONWritable,
        at time: TimeSource.Instant
    ) throws(JSONBytes.Fault) -> [UInt8] {
        var json = JSONBytes()
        RecordingLine.begin(&json, number: self.number, time: time, kind: kind.rawValue)
        body.write(into: &json)
        if let fault = json.fault { throw fault }
        RecordingLine.end(&json)
        self.number += 1
        return json.bytes
    }

    private mutating func changes(_ samples: MonitorSamples) -> RecordedSamples {
        var changes = RecordedSamples()
        changes.pools = Changes(from: self.pools, to: samples.pools)
        self.pools = samples.pools
        let used = samples.uses.filter { $0.uses > self.uses[$0.resource] ?? 0 }
        if !used.isEmpty {
            changes.uses = used.flatMap { [$0.resource.rawValue, UInt64($0.uses)] }
            for sample in used { self.uses[sample.resource] = sample.uses }
        }
        guard let slow = samples.slow else { return changes }
        changes.slow = RecordedSamples.Slow(
            outliving: slow.outliving == self.outliving ? nil : slow.outliving,
            forgottenScopes: slow.forgottenScopes == self.forgottenScopes ? nil : slow.forgottenScopes,
            books: slow.books,
            booksSequence: slow.booksSequence,
            health: slow.health.map { RecordedHealth($0, after: self.health) }
        )
        (self.outliving, self.forgottenScopes, self.health) = (slow.outliving, slow.forgottenScopes, slow.health)
        return changes
    }
}

extension ResourceEvent.Kind {
    fileprivate var isEnd: Bool {
        switch self {
        case .disposed, .disposeThrew, .abandoned, .initializationFailed: true
        default: false
        }
    }
}

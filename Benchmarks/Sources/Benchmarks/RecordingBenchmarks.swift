import BareFloors
import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The cost of recording, and the time to seek in a recording.
struct RecordingBenchmarks {
    private static let eventsPerTurn = 7
    /// The number of turns in ten milliseconds at 100,000 events per second.
    private static let turnsPerTick = 143
    private static let ticks = 200

    nonisolated(nonsending) func run(_ table: inout Table) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await self.encoding(&table)
        try await self.cost(directory, &table)
        try self.seeking(directory, &table)
    }

    private static func container() throws -> Container {
        let container = Container()
        try container.bind(Plain.self) { Plain() }
        return container
    }

    private static func turn(_ container: Container) throws {
        try container.withScope("turn") { use(try $0.get(Plain.self)) }
    }

    private static func header() -> RecordingHeader {
        RecordingHeader(container: "app", origin: "benchmark", clockOriginNanoseconds: 0)
    }

    // MARK: Encoding

    /// The time to encode an event of an input line. The floor encodes the same fields with `JSONEncoder`, as earlier versions did.
    private nonisolated(nonsending) func encoding(_ table: inout Table) async throws {
        let container = try Self.container()
        var tap = MonitorTap(container)
        let snapshot = tap.snapshot
        for _ in 0..<1_000 { try Self.turn(container) }
        let input = tap.next()
        let events = input.batch.events.count
        var begun = RecordingStream()
        _ = try begun.header(Self.header(), at: snapshot.time)
        _ = try begun.picture(snapshot)
        let stream = begun
        let line = try begun.input(input)
        let tree = try JSONDecoder().decode(JSONTree.self, from: Data(line))
        table.add(
            try await Comparison(name: "recording: encode an event", floor: "JSONEncoder, the same fields", goal: 0.1).run(
                count: events * 4
            ) { count in
                for _ in 0..<max(1, count / events) {
                    var stream = stream
                    use(try stream.input(input).isEmpty ? nil : container)
                }
            } floor: { count in
                for _ in 0..<max(1, count / events) {
                    let encoder = JSONEncoder()
                    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
                    use(try encoder.encode(tree).isEmpty ? nil : container)
                }
            }
        )
    }

    // MARK: Cost

    /// The reader of the container's events while it works.
    private enum Form: CaseIterable {
        case bare, subscribed, watched
        /// A monitor, and a recording to a file.
        case recorded
        case attached
        /// A flight recorder.
        case flown

        var hasMonitor: Bool {
            self == .watched || self == .recorded
        }

        var floorName: String {
            switch self {
            case .bare: "unmonitored"
            case .subscribed: "with a subscriber"
            default: "with a monitor"
            }
        }
    }

    /// Reads the events of `container` four times a second, until the task is canceled.
    private static func read(_ container: Container, for form: Form) async throws {
        let subscription = form == .subscribed ? container.subscribe() : nil
        var pump = form == .attached ? RecordingPump(container, header: Self.header()) : nil
        let flight = form == .flown ? FlightRecorder(container) : nil
        _ = try pump?.begin()
        while !Task.isCancelled {
            use(subscription?.drain().events.isEmpty == true ? nil : container)
            let pools = pump?.isDue == true ? container.poolSamples() : nil
            use(try pump?.turn(pools: pools).isEmpty == true ? nil : container)
            flight?.turn()
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    /// The processor time of the container's thread for two seconds of 100,000 events each, in every form. Everything reads four times a
    /// second. The forms run alternately, and the least time of each counts.
    private nonisolated(nonsending) func cost(_ directory: URL, _ table: inout Table) async throws {
        var least: [Form: Double] = [:]
        var (missed, bytes) = (0, 0)
        for round in 0..<5 {
            for form in Form.allCases {
                let container = try Self.container()
                let monitor = form.hasMonitor ? ResourceMonitor(container) : nil
                let path = directory.appendingPathComponent("cost-\(round).jsonl").path
                let recorder = form == .recorded ? try Recorder(container, path: path, header: Self.header()) : nil
                let busy = try await withThrowingTaskGroup(of: Double?.self) { group in
                    if let monitor {
                        group.addTask {
                            let feed = monitor.feed()
                            while !Task.isCancelled {
                                _ = feed.next()
                                try? await Task.sleep(for: .milliseconds(250))
                            }
                            return nil
                        }
                    }
                    if form == .subscribed || form == .attached || form == .flown {
                        group.addTask {
                            try await Self.read(container, for: form)
                            return nil
                        }
                    }
                    if let recorder {
                        group.addTask {
                            try await recorder.run()
                            return nil
                        }
                    }
                    let busy = try await Self.onThread { try Self.load(container) }
                    recorder?.stop()
                    group.cancelAll()
                    return busy
                }
                least[form] = min(least[form] ?? .infinity, busy)
                if form == .recorded {
                    try recorder?.finish()
                    bytes = recorder?.length ?? 0
                    missed = Self.missed(in: try String(contentsOfFile: path, encoding: .utf8))
                }
            }
        }
        let turns = Double(Self.ticks * Self.turnsPerTick)
        for (form, floor, name) in [
            (Form.watched, Form.bare, "a turn of 7 events at 100,000 events/s, with a monitor"),
            (.recorded, .watched, "the same, recorded"),
            (.recorded, .bare, "the same, recorded"),
            (.attached, .watched, "the same, with an attached client"),
            (.flown, .subscribed, "the same, with a flight recorder"),
        ] {
            guard let time = least[form], let under = least[floor] else { continue }
            table.add(
                Comparison.Row(
                    name: name,
                    nanoseconds: time / turns,
                    median: time / turns,
                    allocations: 0,
                    floor: under / turns,
                    floorName: floor.floorName,
                    goal: floor == .watched ? 1.1 : nil
                )
            )
        }
        table.add("")
        table.add("Written in two seconds: \(oneDigit(Double(bytes) / 1_000_000)) MB; missed events: \(missed).")
    }

    /// The number of missed events in a recording.
    private static func missed(in text: String) -> Int {
        text.components(separatedBy: "\"missed\":").dropFirst().reduce(0) { $0 + (Int($1.prefix { $0.isNumber }) ?? 0) }
    }

    private static func onThread(_ body: @escaping @Sendable () throws -> Double) async throws -> Double {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try body() }) }.start()
        }
    }

    /// Runs the load at its rate, and returns the processor time of this thread in nanoseconds.
    private static func load(_ container: Container) throws -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        let before = Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
        let start = now()
        for tick in 0..<Self.ticks {
            for _ in 0..<Self.turnsPerTick { try Self.turn(container) }
            let next = start + UInt64(tick + 1) * 10_000_000
            let present = now()
            if next > present { usleep(UInt32((next - present) / 1_000)) }
        }
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec) - before
    }

    // MARK: Seeking

    private func seeking(_ directory: URL, _ table: inout Table) throws {
        let path = directory.appendingPathComponent("seek.jsonl").path
        let container = try Self.container()
        let recorder = try Recorder(container, path: path, header: Self.header())
        var kept: [Scope] = []
        while recorder.length < 100_000_000 {
            for _ in 0..<350 { try Self.turn(container) }
            // Some scopes stay open, so that the pictures are not empty.
            if kept.count < 1_000 {
                let scope = try container.openScope("kept-\(kept.count)")
                _ = try scope.get(Plain.self)
                kept.append(scope)
            }
            try recorder.record()
        }
        try recorder.finish()
        let began = now()
        var run = try RecordedPictures(path: path)
        let indexed = Double(now() - began) / 1e9
        let span = run.span
        let length = span.upperBound.nanoseconds - span.lowerBound.nanoseconds
        var numbers = SystemRandomNumberGenerator()
        var times: [Double] = []
        for _ in 0..<200 {
            let moment = TimeSource.Instant(nanoseconds: span.lowerBound.nanoseconds + Int64.random(in: 0...length, using: &numbers))
            let start = now()
            run.seek(to: moment)
            times.append(Double(now() - start) / 1e6)
        }
        times.sort()
        table.add("")
        table.add(
            "Seeking in a recording of \(oneDigit(Double(recorder.length) / 1_000_000)) MB, 200 times at random: median "
                + "\(oneDigit(times[100])) ms, 95th percentile \(oneDigit(times[190])) ms, longest \(oneDigit(times[199])) ms (goal: 100 ms). "
                + "Its index took \(oneDigit(indexed)) s; the process holds \(residentBytes() / 1_048_576) MiB."
        )
    }
}

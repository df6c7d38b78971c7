import BareFloors
import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The cost of reading the events for a client, and for a flight recorder, beside a monitor and a bare subscriber.
///
/// Only the reading is timed, on one thread; the events are produced in between.
struct AttachBenchmarks {
    private static let cyclesPerBatch = 4000
    private static let batches = 60

    nonisolated(nonsending) func run(_ table: inout Table) async throws {
        let container = Container()
        try container.bind(Plain.self) { Plain() }
        let (subscription, monitor, recorder) = (container.subscribe(), ResourceMonitor(container), FlightRecorder(container))
        var pump = RecordingPump(
            container,
            header: RecordingHeader(container: "app", origin: "benchmark", clockOriginNanoseconds: 0)
        )
        var bytes = try pump.begin().count
        var (read, taken, sent, kept) = ([Double](), [Double](), [Double](), [Double]())
        for _ in 0..<Self.batches {
            for _ in 0..<Self.cyclesPerBatch { try await container.withScope { use(try await $0.get(Plain.self)) } }
            let start = now()
            let events = subscription.drain().events
            let drained = now()
            monitor.refresh()
            let refreshed = now()
            bytes += try pump.turn(pools: pump.isDue ? container.poolSamples() : nil).count
            let turned = now()
            recorder.turn()
            let recorded = now()
            let count = Double(events.count)
            read.append(Double(drained - start) / count)
            taken.append(Double(refreshed - drained) / count)
            sent.append(Double(turned - refreshed) / count)
            kept.append(Double(recorded - turned) / count)
        }
        table.add(Self.row("attached: read and encode an event", sent, over: taken, "a monitor takes it in"))
        table.add(Self.row("flight recorder: read, encode, and keep an event", kept, over: read, "a subscriber reads it"))
        table.add("")
        table.add(
            "An attached client at 10,000 events per second takes \(oneDigit((sent.min() ?? 0) * 10_000 / 1e7)) % of a core (goal: 1.5 %); "
                + "\(bytes / 1_000_000) MB were encoded. The flight recorder holds \(recorder.memory / 1_000_000) MB."
        )
    }

    private static func row(_ name: String, _ times: [Double], over floor: [Double], _ floorName: String) -> Comparison.Row {
        Comparison.Row(
            name: name,
            nanoseconds: times.min() ?? 0,
            median: times.sorted()[times.count / 2],
            allocations: .nan,
            floor: floor.min(),
            floorName: floorName,
            goal: nil
        )
    }
}

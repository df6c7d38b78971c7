import ResourceContainer
import Testing

@testable import ResourceMonitoring
@testable import ResourceRecording

@Suite("Events in a recording")
struct RecordedEventTests {
    private static let location = CodeLocation(file: "Shop/Shop.swift", line: 7)

    private static let kinds: [ResourceEvent.Kind] = [
        .droppedOpen(live: 3),
        .rebound(
            BindingSnapshot(id: BindingID(0), type: "Database", name: "primary", lifetime: .tagged("session"), location: Self.location)
        ),
        .abandoned(.dispose, budget: .zero),
    ]

    private func row(_ event: ResourceEvent) -> String {
        var json = JSONBytes()
        event.write(into: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func body(_ event: ResourceEvent) -> String {
        #"{"events":[\#(self.row(event))]}"#
    }

    @Test("Events of a dropped container, a rebound key, and an abandoned step are read as they were written.", arguments: Self.kinds)
    func roundTrip(kind: ResourceEvent.Kind) throws {
        let event = ResourceEvent(
            sequence: 4,
            time: TimeSource.Instant(nanoseconds: 5),
            scope: .root,
            resource: nil,
            binding: BindingID(0),
            kind: kind
        )
        let read = try RecordedInputReader(Array(self.body(event).utf8))
        #expect(read.events == [event])
        #expect(read.unknownEvents == 0)
    }

    @Test("A recorded event has the documented name in the file.")
    func name() {
        let event = ResourceEvent(sequence: 1, time: TimeSource.Instant(nanoseconds: 0), scope: .root, kind: .droppedOpen(live: 2))
        let body = self.body(event)
        #expect(body.contains(#""k":"dropped-open""#))
        #expect(body.contains(#""live":2"#))
    }

    @Test("An event of a kind that a newer version wrote is skipped and counted; the events next to it are read.")
    func unknown() throws {
        let event = ResourceEvent(sequence: 2, time: TimeSource.Instant(nanoseconds: 0), scope: .root, kind: .scopeClosing)
        let body = #"{"events":[{"n":1,"t":0,"s":0,"k":"of-the-future","future":[1]},\#(self.row(event))]}"#
        let read = try RecordedInputReader(Array(body.utf8))
        #expect(read.events == [event])
        #expect(read.unknownEvents == 1)
    }

    @Test("A recorded event contains a scope's disposal order and trace, and an expedited close is recorded.")
    func closing() throws {
        var scope = ScopeSnapshot(id: ScopeID(3), name: "import", parent: .root, location: Self.location, openedAt: .init(nanoseconds: 5))
        scope.disposal = .concurrent(limit: 4)
        scope.traceID = TraceID("4bf92f3577b34da6a3ce929d0e0e4736")
        let events = [
            ResourceEvent(sequence: 1, time: scope.openedAt, scope: scope.id, kind: .scopeOpened(scope)),
            ResourceEvent(sequence: 2, time: .init(nanoseconds: 9), scope: scope.id, kind: .closeExpedited(left: 12)),
        ]
        var encoder = RecordingEncoder()
        let bytes = try encoder.line(MonitorInput(time: .init(nanoseconds: 9), batch: EventBatch(events: events)))
        let line = try RecordingLine(parsing: bytes.dropLast())
        #expect(try RecordedInputReader(line.body).events == events)
    }
}

import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceRecording

@Suite("Events in a recording")
struct RecordedEventTests {
    @Test("the order of disposal of a scope, and a close that runs short, are read as they were written")
    func closing() throws {
        let place = SourcePlace(file: "Shop/Shop.swift", line: 7)
        var scope = ScopeSnapshot(id: ScopeID(3), name: "import", parent: .root, place: place, openedAt: .init(nanoseconds: 5))
        scope.disposal = .concurrent(limit: 4)
        let events = [
            ResourceEvent(sequence: 1, time: scope.openedAt, scope: scope.id, kind: .scopeOpened(scope)),
            ResourceEvent(sequence: 2, time: .init(nanoseconds: 9), scope: scope.id, kind: .closingHurried(left: 12)),
        ]
        var encoder = RecordingEncoder()
        let bytes = try encoder.line(MonitorInput(time: .init(nanoseconds: 9), batch: EventBatch(events: events)))
        let line = try RecordingLine(parsing: bytes.dropLast())
        #expect(try RecordedInputReader(line.body).events == events)
    }
}

import Foundation
import ResourceContainer
import Testing

@testable import ResourceMonitoring
@testable import ResourceRecording

@Suite("An event of a recording")
struct RecordedEventTests {
    private static let place = SourcePlace(file: "Shop/Shop.swift", line: 7)

    private static let kinds: [ResourceEvent.Kind] = [
        .droppedOpen(live: 3),
        .rebound(BindingSnapshot(id: BindingID(0), type: "Database", name: "primary", lifetime: .tagged("session"), place: Self.place)),
        .abandoned(.dispose, budget: .zero),
    ]

    private func body(_ event: ResourceEvent) throws -> String {
        let row = String(decoding: try JSONEncoder().encode(RecordedEvent(event)), as: UTF8.self)
        return #"{"events":[\#(row)]}"#
    }

    @Test("is read as it was written: a container that was dropped open, a key that was bound anew", arguments: Self.kinds)
    func round(kind: ResourceEvent.Kind) throws {
        let event = ResourceEvent(
            sequence: 4,
            time: TimeSource.Instant(nanoseconds: 5),
            scope: .root,
            resource: nil,
            binding: BindingID(0),
            kind: kind
        )
        let read = try RecordedInputReader(Array(try self.body(event).utf8))
        #expect(read.events == [event])
        #expect(read.unknownEvents == 0)
    }

    @Test("has the name in the file that other readers know it by")
    func name() throws {
        let event = ResourceEvent(sequence: 1, time: TimeSource.Instant(nanoseconds: 0), scope: .root, kind: .droppedOpen(live: 2))
        let body = try self.body(event)
        #expect(body.contains(#""k":"dropped-open""#))
        #expect(body.contains(#""live":2"#))
    }

    @Test("of a kind that a newer version wrote is passed over and counted, and those beside it are read")
    func unknown() throws {
        let event = ResourceEvent(sequence: 2, time: TimeSource.Instant(nanoseconds: 0), scope: .root, kind: .scopeClosing)
        let row = String(decoding: try JSONEncoder().encode(RecordedEvent(event)), as: UTF8.self)
        let body = #"{"events":[{"n":1,"t":0,"s":0,"k":"of-the-future","future":[1]},\#(row)]}"#
        let read = try RecordedInputReader(Array(body.utf8))
        #expect(read.events == [event])
        #expect(read.unknownEvents == 1)
    }

    @Test("about a key that was bound anew can only follow if the key is known")
    func rebinding() {
        var snapshot = ContainerSnapshot(container: "app", time: TimeSource.Instant(nanoseconds: 0))
        let binding = BindingSnapshot(id: BindingID(0), type: "Database", lifetime: .scoped, place: Self.place)
        snapshot.bindings = [binding]
        let replay = MonitorReplay(snapshot)
        for (id, told, isRight) in [(0, 0, true), (1, 1, false), (1, 0, false)] {
            var rebound = binding
            rebound.id = BindingID(id)
            let event = ResourceEvent(
                sequence: 1,
                time: snapshot.time,
                scope: .root,
                binding: BindingID(told),
                kind: .rebound(rebound)
            )
            #expect(replay.canTake(MonitorInput(time: snapshot.time, batch: EventBatch(events: [event])), after: snapshot.time) == isRight)
        }
    }
}

import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Event lines of a dropped container")
struct DroppedContainerLineTests {
    private func line(_ kind: ResourceEvent.Kind) -> EventLine {
        let event = ResourceEvent(sequence: 1, time: TimeSource.Instant(nanoseconds: 0), scope: .root, kind: kind)
        return EventLine(event, Picture())
    }

    @Test("Event lines count the live instances of a dropped container and give the reason of abandonment.")
    func words() {
        #expect(self.line(.droppedOpen(live: 1)).what == "dropped-open")
        #expect(self.line(.droppedOpen(live: 1)).message == "the container was dropped without being closed, with 1 live instance")
        #expect(self.line(.droppedOpen(live: 2)).message == "the container was dropped without being closed, with 2 live instances")
        #expect(self.line(.droppedOpen(live: 2)).level == .warn)
        #expect(self.line(.abandoned(.dispose, budget: .zero)).message == ResourceEvent.droppedText)
        #expect(self.line(.abandoned(.dispose, budget: .seconds(1))).message == "dispose did not finish within 1.00s")
    }
}

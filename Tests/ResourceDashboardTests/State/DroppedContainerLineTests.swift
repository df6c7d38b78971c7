import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("The list of events tells of a container that was dropped open")
struct DroppedContainerLineTests {
    private func line(_ kind: ResourceEvent.Kind) -> EventLine {
        let event = ResourceEvent(sequence: 1, time: TimeSource.Instant(nanoseconds: 0), scope: .root, kind: kind)
        return EventLine(event, Picture())
    }

    @Test("with the number of its live instances; each of them says why it was given up")
    func words() {
        #expect(self.line(.droppedOpen(live: 1)).what == "dropped-open")
        #expect(self.line(.droppedOpen(live: 1)).message == "the container was dropped without being closed, with 1 live instance")
        #expect(self.line(.droppedOpen(live: 2)).message == "the container was dropped without being closed, with 2 live instances")
        #expect(self.line(.droppedOpen(live: 2)).level == .warn)
        #expect(self.line(.abandoned(.dispose, budget: .zero)).message == ResourceEvent.droppedText)
        #expect(self.line(.abandoned(.dispose, budget: .seconds(1))).message == "dispose did not come back within 1.00s")
    }
}

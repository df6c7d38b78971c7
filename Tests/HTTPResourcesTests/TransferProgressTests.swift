import ResourceContainer
import Testing

@testable import HTTPResources

@Suite("Time limits of a transfer's phases")
struct TransferProgressTests {
    private static let limits = TransferLimits(connect: .seconds(10), firstByte: .seconds(5), silence: .seconds(3))

    private func at(_ seconds: Int64) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: seconds * 1_000_000_000)
    }

    private func progress() -> TransferProgress {
        TransferProgress(Self.limits, phase: .resolving, at: self.at(0))
    }

    @Test("Resolving and connecting have one limit together.")
    func connecting() throws {
        var progress = self.progress()
        progress.enter(.connecting, at: self.at(8))
        #expect(progress.excess(at: self.at(9)) == nil)
        let excess = try #require(progress.excess(at: self.at(10)))
        #expect(excess.limit == .connect)
        #expect(excess.phase == .connecting)
        #expect(excess.duration == .seconds(10))
    }

    @Test("Connecting again begins a new limit.")
    func connectingAgain() {
        var progress = self.progress()
        progress.enter(.waiting, at: self.at(1))
        progress.enter(.connecting, at: self.at(5))
        #expect(progress.excess(at: self.at(14)) == nil)
        #expect(progress.excess(at: self.at(15))?.limit == .connect)
    }

    @Test("The limit of the first byte begins when the request is sent.")
    func firstByte() {
        var progress = self.progress()
        progress.enter(.waiting, at: self.at(7))
        #expect(progress.excess(at: self.at(11)) == nil)
        #expect(progress.excess(at: self.at(12))?.limit == .firstByte)
    }

    @Test("Every byte begins a new silence, in both directions.", arguments: [HTTPError.Phase.sending, .receiving])
    func silence(phase: HTTPError.Phase) {
        var progress = self.progress()
        progress.enter(phase, at: self.at(1))
        progress.move(phase == .sending ? .request : .response, at: self.at(3))
        #expect(progress.excess(at: self.at(5)) == nil)
        #expect(progress.excess(at: self.at(6))?.limit == .silence)
    }

    @Test("Time in which the transfer waits for the application is no silence of the server.")
    func held() {
        var progress = self.progress()
        progress.enter(.receiving, at: self.at(1))
        progress.hold(.response)
        #expect(progress.excess(at: self.at(100)) == nil)
        progress.move(.response, at: self.at(100))
        #expect(progress.excess(at: self.at(102)) == nil)
        #expect(progress.excess(at: self.at(103))?.limit == .silence)
    }

    @Test("A body of the request that waits for the application is no silence of the server, even if the response arrives already.")
    func heldRequest() {
        var progress = self.progress()
        progress.enter(.sending, at: self.at(1))
        progress.hold(.request)
        progress.enter(.receiving, at: self.at(2))
        progress.move(.response, at: self.at(3))
        #expect(progress.excess(at: self.at(100)) == nil)
        progress.move(.request, at: self.at(100))
        #expect(progress.excess(at: self.at(103))?.limit == .silence)
    }

    @Test("The durations of the phases add up to the total, also after connecting again.")
    func durations() {
        var progress = self.progress()
        progress.enter(.connecting, at: self.at(1))
        progress.enter(.waiting, at: self.at(3))
        progress.enter(.connecting, at: self.at(6))
        progress.enter(.waiting, at: self.at(10))
        progress.enter(.receiving, at: self.at(15))
        progress.enter(.receiving, at: self.at(16))
        let durations = progress.durations(at: self.at(21))
        #expect(durations.resolving == .seconds(1))
        #expect(durations.connecting == .seconds(6))
        #expect(durations.sending == .zero)
        #expect(durations.waiting == .seconds(8))
        #expect(durations.receiving == .seconds(6))
        #expect(durations.total == .seconds(21))
    }

    @Test("No limit of any phase can expire before the next check.")
    func nextCheck() {
        var progress = self.progress()
        #expect(progress.nextCheck(at: self.at(0)) == self.at(3))
        #expect(progress.nextCheck(at: self.at(9)) == self.at(10))
        progress.enter(.receiving, at: self.at(9))
        #expect(progress.nextCheck(at: self.at(10)) == self.at(12))
        progress.hold(.response)
        #expect(progress.nextCheck(at: self.at(50)) == self.at(53))
    }

    @Test("Without limits there is nothing to check.")
    func withoutLimits() {
        let progress = TransferProgress(.none, phase: .waiting, at: self.at(0))
        #expect(progress.nextCheck(at: self.at(0)) == nil)
        #expect(progress.excess(at: self.at(1_000_000)) == nil)
    }
}

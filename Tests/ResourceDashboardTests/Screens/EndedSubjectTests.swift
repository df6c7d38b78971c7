import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Ended subjects of events")
struct EndedSubjectTests {
    private var fixture = PictureFixture()
    private var state = DashboardState.fixture(.events)
    private let scope: ScopeID
    private var sequence: UInt64 = 1_000

    init() {
        self.scope = self.fixture.open("req-1")
        for binding in 0..<3 { _ = self.fixture.make(binding, in: self.scope) }
        _ = self.state.update(.monitor(self.fixture.update()))
    }

    /// Adds an event one second after the last, about the resource with a number, or about the scope if there is none.
    private mutating func add(_ kind: ResourceEvent.Kind, about resource: UInt64? = nil) {
        self.fixture.wait(.seconds(1))
        var update = self.fixture.update()
        update.events = [self.event(kind, about: resource)]
        _ = self.state.update(.monitor(update))
    }

    private mutating func event(_ kind: ResourceEvent.Kind, about resource: UInt64? = nil) -> ResourceEvent {
        self.sequence += 1
        return ResourceEvent(
            sequence: self.sequence,
            time: self.fixture.time,
            scope: self.scope,
            resource: resource.map { ResourceID($0) },
            binding: resource.map { BindingID(Int($0) - 1) },
            kind: kind
        )
    }

    /// Ends the resources and their scope one second after the last event, and waits until the picture has none of them anymore. Without
    /// `isTold`, there is no event about their end.
    private mutating func end(isTold: Bool = true) {
        self.fixture.wait(.seconds(1))
        let numbers: ClosedRange<UInt64> = 1...3
        let ended = numbers.map { self.fixture.dispose(ResourceID($0)) }
        var update = self.fixture.update(ended: ended, closing: self.scope)
        if isTold {
            for number in numbers { update.events.append(self.event(.disposed(took: .zero, lived: .seconds(2)), about: number)) }
            update.events.append(self.event(.scopeClosed(disposed: 3, threw: 0, abandoned: 0, took: .zero)))
        }
        _ = self.state.update(.monitor(update))
        self.fixture.wait(.seconds(61))
        _ = self.state.update(.monitor(self.fixture.update()))
    }

    @Test("Enter on a line whose resource and scope have ended goes back to the last moment at which the resource existed.")
    mutating func goesBack() {
        self.add(.noted("live"), about: 1)
        self.end()
        _ = self.state.type("g")
        #expect(self.state.subject.event?.message == "live")
        _ = self.state.press(.enter)
        #expect(self.state.isPast)
        #expect(self.state.picture.time == TimeSource.Instant(nanoseconds: 1_000_000_000))
        #expect(self.state.view == .resources)
        #expect(self.state.subject.resource == ResourceID(1))
        #expect(self.state.notice?.text == "Database#1 ended at 12:00:02; 0 returns to live")
        _ = self.state.type("0")
        #expect(!self.state.isPast)
    }

    @Test("Enter on a line about a closed scope goes back to the last moment at which it was open.")
    mutating func goesBackToScope() {
        self.add(.scopeClosing)
        self.end()
        _ = self.state.type("g")
        _ = self.state.press(.enter)
        #expect(self.state.picture.time == TimeSource.Instant(nanoseconds: 1_000_000_000))
        #expect(self.state.view == .scopes)
        #expect(self.state.subject.scope == self.scope)
        #expect(self.state.notice?.text == "req-1 ended at 12:00:02; 0 returns to live")
    }

    @Test("Enter on a line whose subject has ended reports it if the event of its end, or its last moment, is not stored.")
    mutating func reportsEnd() {
        self.add(.noted("live"), about: 1)
        var untold = self
        untold.end(isTold: false)
        self.end()
        self.state.timeline = Timeline()
        for var state in [untold.state, self.state] {
            _ = state.type("g")
            _ = state.press(.enter)
            #expect(state.view == .events)
            #expect(!state.isPast)
            #expect(state.notice?.text == "Database#1 no longer exists")
        }
    }

    @Test("In a recording, Enter on a line whose subject has ended seeks the last moment at which it existed.")
    mutating func seeksBack() {
        self.add(.noted("live"), about: 1)
        self.end()
        var configuration = self.state.configuration
        configuration.recordedSpan = TimeSource.Instant(nanoseconds: 0)...self.fixture.time
        var recorded = DashboardState(configuration: configuration)
        _ = recorded.update(.recorded(self.state.picture))
        _ = recorded.type("g")
        #expect(recorded.press(.enter) == [.seek(.to(TimeSource.Instant(nanoseconds: 1_999_999_999)))])
        #expect(recorded.view == .events)
    }
}

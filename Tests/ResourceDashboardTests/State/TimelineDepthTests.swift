import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceDashboard

@Suite("Depth of the timeline")
struct TimelineDepthTests {
    /// Whether the tests cover the full ten minutes.
    private let isSoak = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1"

    private func state() -> DashboardState {
        DashboardState.fixture(.overview)
    }

    /// A container that serves requests. Each request opens a scope, creates and disposes two resources, and closes the scope.
    private struct Requests {
        var number: UInt64 = 0
        var sequence: UInt64 = 0
        var update = MonitorUpdate(
            sequence: 0,
            time: TimeSource.Instant(nanoseconds: 0),
            isReset: true,
            container: "app",
            totals: MonitorTotals()
        )
        private let location = CodeLocation(file: "App/Handler.swift", line: 12)

        init() {
            let labels = ["Handler", "Transaction"]
            self.update.bindings = labels.enumerated().map { index, label in
                BindingRow(binding: BindingSnapshot(id: BindingID(index), type: label, lifetime: .scoped, location: self.location))
            }
            self.update.scopes = [
                ScopeRow(scope: ScopeSnapshot(id: .root, name: "app", parent: nil, location: self.location, openedAt: self.update.time))
            ]
        }

        private mutating func append(_ kind: ResourceEvent.Kind, resource: ResourceID? = nil, binding: Int? = nil) {
            self.sequence += 1
            self.update.events.append(
                ResourceEvent(
                    sequence: self.sequence,
                    time: self.update.time + .nanoseconds(Int64(self.sequence * 977_137 % 250_000_000)),
                    scope: ScopeID(self.number),
                    resource: resource,
                    binding: binding.map { BindingID($0) },
                    kind: kind
                )
            )
        }

        /// Returns the update of the next 250 ms, with `count` requests of eleven events each.
        mutating func next(_ count: Int) -> MonitorUpdate {
            for _ in 0..<count {
                self.number += 1
                let (id, time) = (ScopeID(self.number), self.update.time)
                var scope = ScopeSnapshot(
                    id: id,
                    name: "req-\(self.number)",
                    tag: "request",
                    parent: .root,
                    location: self.location,
                    openedAt: time
                )
                self.append(.scopeOpened(scope))
                for binding in 0..<2 {
                    let resource = ResourceID(self.number * 2 + UInt64(binding))
                    let took = Duration.nanoseconds(Int64(self.number % 1_000) * 7_919)
                    self.append(.initializing, resource: resource, binding: binding)
                    self.append(.ready(took: took, order: resource.rawValue, dependencies: []), resource: resource, binding: binding)
                    self.append(.disposing, resource: resource, binding: binding)
                    self.append(.disposed(took: took, lived: took), resource: resource, binding: binding)
                    var snapshot = ResourceSnapshot(id: resource, binding: BindingID(binding), scope: id, createdAt: time)
                    snapshot.state = .disposed
                    snapshot.readyAt = time + took
                    snapshot.readyOrder = resource.rawValue
                    var row = ResourceRow(resource: snapshot)
                    row.initializeTook = took
                    row.endedAt = time + took
                    self.update.resources.append(row)
                }
                self.append(.scopeClosing)
                self.append(.scopeClosed(disposed: 2, threw: 0, abandoned: 0, took: .milliseconds(1)))
                scope.state = .closed
                scope.books.created = 2
                scope.books.disposed = 2
                var row = ScopeRow(scope: scope)
                row.closedAt = time
                self.update.scopes.append(row)
            }
            self.update.sequence = self.sequence
            defer {
                self.update.isReset = false
                self.update.time = self.update.time + .milliseconds(250)
                (self.update.events, self.update.resources, self.update.scopes) = ([], [], [])
            }
            return self.update
        }
    }

    @Test("Ten minutes of checkout use a fraction of the limit, and the first lines are retained.")
    func checkout() async throws {
        let session = try SimulatedSession(CheckoutScenario.self, seed: 7)
        var state = self.state()
        for _ in 0..<(self.isSoak ? 2_400 : 240) { _ = state.update(.monitor(await session.advance())) }
        #expect(state.timeline.depth >= .seconds(self.isSoak ? 599 : 59))
        #expect(state.timeline.weight + state.picture.events.weight <= (self.isSoak ? 24 : 4) << 20)
        #expect(state.picture.events.startIndex == 0)
        state.show(moment: 4)
        #expect(state.picture.time == TimeSource.Instant(nanoseconds: 1_250_000_000))
        #expect(state.picture.events.allSatisfy { $0.time <= state.picture.time })
    }

    @Test("Ten minutes of a thousand events per second fit the limit, with every line.")
    func thousand() {
        var (requests, state) = (Requests(), self.state())
        let seconds = self.isSoak ? 600 : 30
        for _ in 0...(4 * seconds) { _ = state.update(.monitor(requests.next(23))) }
        #expect(state.timeline.depth == .seconds(seconds))
        #expect(state.timeline.weight + state.picture.events.weight <= EventArchive.limit / 600 * seconds)
        #expect(state.picture.events.count >= 1_000 * seconds)
    }

    @Test("At the limit, lines and moments reach equally far back, and the screen shows how far.")
    func storm() throws {
        var (requests, state) = (Requests(), self.state())
        state.timeline = Timeline(limit: 1 << 20)
        for _ in 0..<200 { _ = state.update(.monitor(requests.next(40))) }
        let depth = state.timeline.depth
        #expect(depth < .seconds(40))
        #expect(depth > .seconds(3))
        #expect(state.timeline.weight + state.picture.events.weight <= 1 << 20)
        let first = try #require(state.picture.events.first)
        #expect(abs((state.picture.time - first.time - depth).wholeNanoseconds) < 2_000_000_000)
        #expect(TextRenderer.render(state.render()).contains("back \(Format.age(depth))"))
    }

    @Test("A resource that is active for ten minutes keeps its first event lines.")
    func longLived() async throws {
        let session = try SimulatedSession(CheckoutScenario.self, seed: 7)
        var state = self.state()
        for _ in 0..<(self.isSoak ? 2_400 : 360) { _ = state.update(.monitor(await session.advance())) }
        let oldest = try #require(state.picture.active.first)
        let whats = state.picture.events.lines(of: oldest).map(\.what)
        #expect(whats.last == "created")
    }
}

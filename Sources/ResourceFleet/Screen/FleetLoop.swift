import ResourceContainer
import ResourceDashboard

/// Why the screen of a fleet was left.
package enum FleetOutcome: Sendable, Hashable {
    /// The user quit, or the task was canceled.
    case quit
    /// The user opened a process, which this command connects to.
    case open(FleetKey, command: [String])
    /// A signal requested the end of the process.
    case signal(Int32)
    case hangUp
}

/// The event loop of the screen of a fleet. It passes input and tables to the state, and draws the state.
///
/// At most one table and one set of shapes are read at a time. A source that does not answer delays nothing but the next table.
package struct FleetLoop {
    private enum Arrival: Sendable {
        case terminal([TerminalEvent])
        case table(Result<FleetTable, FleetFault>, TimeSource.Instant)
        case shapes(Result<FleetShapes, FleetFault>)
        case tick
    }

    /// The time between two sets of shapes: they change slowly.
    private static let shapesInterval = Duration.seconds(30)
    /// The time between two drawings without any event: the age of the data advances.
    private static let tickInterval = Duration.seconds(1)

    package private(set) var state: FleetState
    private let source: any FleetSource
    private let refresh: Duration
    private let time: TimeSource
    private let clock: @Sendable () -> WallClock
    private var outcome: FleetOutcome?
    private var isReading = false
    private var isReadingShapes = false
    /// When the last table was requested; nil if one is due.
    private var requestedAt: TimeSource.Instant?
    private var shapesRequestedAt: TimeSource.Instant?
    private var cost = FleetCost(frame: .zero)

    /// Creates a loop.
    ///
    /// - Parameters:
    ///   - state: The initial state.
    ///   - source: The source of the tables.
    ///   - time: The source of time.
    ///   - clock: Returns the clock with the time of day. The instants of tables follow it.
    package init(_ state: FleetState, source: any FleetSource, time: TimeSource = .system, clock: @escaping @Sendable () -> WallClock) {
        self.state = state
        self.source = source
        self.refresh = state.configuration.refresh
        self.time = time
        self.clock = clock
    }

    /// Passes a message to the state, while no terminal is open.
    package mutating func tell(_ message: FleetMessage) {
        _ = self.state.update(message)
    }

    /// Shows the fleet until the user quits or opens a process, a signal arrives, the terminal hangs up, or the task is canceled. Restores
    /// the terminal. It can be called again with another terminal, and continues where it ended.
    package mutating func run(on terminal: any DashboardTerminal) async -> FleetOutcome {
        self.outcome = nil
        (self.isReading, self.isReadingShapes) = (false, false)
        self.requestedAt = nil
        _ = self.state.update(.input(.resize(terminal.size)))
        let outcome = await withTaskGroup(of: Arrival.self) { group in
            group.addTask { .terminal(await terminal.nextEvents()) }
            self.startTick(in: &group)
            self.tellTime()
            self.readIfDue(in: &group)
            await self.draw(on: terminal)
            while self.outcome == nil, let arrival = await group.next() {
                self.tellTime()
                await self.take(arrival, on: terminal, in: &group)
                self.readIfDue(in: &group)
                if self.outcome == nil { await self.draw(on: terminal) }
            }
            group.cancelAll()
            return self.outcome ?? .quit
        }
        await terminal.close()
        await terminal.release()
        return outcome
    }

    /// Draws the state. The picture has the cost of the one before.
    private mutating func draw(on terminal: any DashboardTerminal) async {
        let began = self.time.now
        let canvas = self.state.render()
        let rendered = self.time.now - began
        self.cost.frame = rendered + (await terminal.draw(canvas))
        _ = self.state.update(.cost(self.cost))
    }

    private mutating func tellTime() {
        _ = self.state.update(.time(self.time.now, self.clock()))
    }

    private func startTick(in group: inout TaskGroup<Arrival>) {
        group.addTask { [time] in
            try? await time.sleep(for: Self.tickInterval)
            return .tick
        }
    }

    private mutating func take(_ arrival: Arrival, on terminal: any DashboardTerminal, in group: inout TaskGroup<Arrival>) async {
        switch arrival {
        case .terminal(let events):
            if events.isEmpty { self.outcome = Task.isCancelled ? .quit : .hangUp }
            for event in events where self.outcome == nil { await self.take(event, on: terminal) }
            if self.outcome == nil { group.addTask { .terminal(await terminal.nextEvents()) } }
        case .table(let result, let instant):
            self.isReading = false
            self.cost.table = self.time.now - instant
            switch result {
            case .success(let table): _ = self.state.update(.table(table, instant))
            case .failure(let fault): _ = self.state.update(.failed(fault, instant))
            }
        case .shapes(let result):
            self.isReadingShapes = false
            // Without them, the column is empty. The table has the faults of the server.
            if case .success(let shapes) = result { _ = self.state.update(.shapes(shapes)) }
        case .tick: self.startTick(in: &group)
        }
    }

    private mutating func take(_ event: TerminalEvent, on terminal: any DashboardTerminal) async {
        switch event {
        case .input(let input):
            for effect in self.state.update(.input(input)) { await self.perform(effect, on: terminal) }
        case .captured(let line, let isError): _ = self.state.update(.notice(line, isFault: isError))
        case .signal(let number): self.outcome = .signal(number)
        case .hangUp: self.outcome = .hangUp
        // The terminal has already redrawn.
        case .resumed: break
        }
    }

    private mutating func perform(_ effect: FleetEffect, on terminal: any DashboardTerminal) async {
        switch effect {
        case .quit: self.outcome = .quit
        case .refresh: self.requestedAt = nil
        case .open(let key, let command): self.outcome = .open(key, command: command)
        case .copy(let text): await terminal.copy(text)
        case .mouse(let isOn): await terminal.setMouse(isOn)
        case .redraw: await terminal.redraw()
        case .suspend: await terminal.suspend()
        }
    }

    /// Requests a table and shapes, if they are due and none is being read. A pause delays them, except a table that the user requests.
    private mutating func readIfDue(in group: inout TaskGroup<Arrival>) {
        guard self.outcome == nil else { return }
        let now = self.time.now
        let unix = self.clock().unixSeconds(now)
        let isDue = self.requestedAt.map { !self.state.isPaused && now - $0 >= self.refresh } ?? true
        if !self.isReading, isDue {
            (self.isReading, self.requestedAt) = (true, now)
            group.addTask { [source] in
                do throws(FleetFault) {
                    return .table(.success(try await source.table(at: unix)), now)
                } catch {
                    return .table(.failure(error), now)
                }
            }
        }
        // The first table is shown before its shapes are read.
        let shapesAreDue =
            self.shapesRequestedAt.map { !self.state.isPaused && now - $0 >= Self.shapesInterval } ?? (self.state.table != nil)
        if !self.isReadingShapes, shapesAreDue {
            (self.isReadingShapes, self.shapesRequestedAt) = (true, now)
            group.addTask { [source] in
                do throws(FleetFault) {
                    return .shapes(.success(try await source.shapes(at: unix)))
                } catch {
                    return .shapes(.failure(error))
                }
            }
        }
    }
}

import CursesTerminal
import DemoScenarios
import ResourceAttachClient
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceScenarios

/// The validated arguments of `resmon snapshot`.
struct SnapshotPlan {
    /// The source of the frames.
    enum Subject {
        case simulated(SimulatedRun)
        case recording(String)
        /// A running process, by the name on the command line.
        case process(AttachEndpoint, String)
    }

    let subject: Subject
    /// The times to draw, in order. Empty for the end of a recording, and for the present moment of a process.
    let moments: [Duration]
    let view: DashboardView
    let size: Size
    let format: FrameFormat
    let theme: Theme
    let glyphs: GlyphSet
    let depth: ColorDepth
    /// The destination of each frame: a numbered file for each of them, or one destination for a single frame or an animation.
    let destinations: [OutputDestination]
    /// The interval between the frames of an animated image; nil for single frames.
    let animation: Duration?

    static let defaultSize = Size(width: 120, height: 36)
    /// The largest number of frames.
    private static let frameLimit = 10_000
    /// The largest number of frames of an animated image.
    private static let animationLimit = 240

    init(_ command: SnapshotCommand, _ surroundings: Surroundings) throws(UsageFault) {
        self.subject = try Self.subject(command)
        let longest = command.recording == nil ? DurationArgument.longest : DurationArgument.longestRecorded
        let first = try command.simulation.chosenMoment(longest: longest)
        self.moments = try Self.moments(command, first, of: self.subject, longest: longest)
        self.view = try ViewArgument.parse(command.view)
        if let size = command.size {
            let chosen = try SizeArgument("--size", parsing: size)
            self.size = Size(width: chosen.width, height: chosen.height)
        } else {
            self.size = Self.defaultSize
        }
        let format: FrameFormat? = if let format = command.format { try Choice.parse(format, "--format", "format") } else { nil }
        if command.json, let format, format != .json {
            throw UsageFault("--json and --format \(format.rawValue) contradict each other: give one of them")
        }
        self.format = try FrameFormat.chosen(
            command.json ? .json : format,
            by: command.json ? "--json" : "--format \(format?.rawValue ?? "")",
            for: command.output
        )
        // The configuration file is used only if it is named, so that the output does not depend on the user.
        let configuration = command.look.config == nil ? Configuration() : try Configuration.read(command.look.config, surroundings)
        configuration.complain()
        let library = try command.look.themes.library(surroundings, configuration)
        self.theme = try command.look.themes.theme(from: library, environment: surroundings.environment, configuration)
        // Locale and terminal are ignored: the same command gives the same bytes everywhere.
        self.glyphs = try command.look.chosenGlyphs() ?? configuration.glyphs ?? .braille
        self.depth = try (command.look.chosenColor() ?? configuration.color ?? .auto).depth(offered: .direct, noColor: false)
        let interval = self.moments.count > 1 ? self.moments[1] - self.moments[0] : .zero
        self.animation = command.every != nil && self.format == .svg && !OutputDestination.isNumbered(command.output) ? interval : nil
        self.destinations = try Self.destinations(
            command,
            self.animation == nil ? self.moments.count : 1,
            isAnimated: self.animation != nil,
            home: surroundings.environment["HOME"]
        )
        if self.animation != nil, self.moments.count > Self.animationLimit {
            throw UsageFault(
                "--every: an animated image has at most \(Self.animationLimit) frames, and these are \(self.moments.count): "
                    + "give a longer interval, or number the files: frame-%d.svg"
            )
        }
    }

    private static func destinations(
        _ command: SnapshotCommand,
        _ count: Int,
        isAnimated: Bool,
        home: String?
    ) throws(UsageFault) -> [OutputDestination] {
        guard command.every != nil, !isAnimated else {
            return [try OutputDestination(path: command.output, isForced: command.force, home: home)]
        }
        guard let path = command.output, path != "-" else {
            throw UsageFault("--every writes a file for each frame: give --output; frame.txt names the files frame-001.txt, frame-002.txt")
        }
        let digits = max(3, String(count).count)
        return try (0..<count).map { number throws(UsageFault) in
            let name = OutputDestination.numbered(path, number + 1, digits: digits)
            return try OutputDestination(path: name, isForced: command.force, home: home)
        }
    }

    private static func subject(_ command: SnapshotCommand) throws(UsageFault) -> Subject {
        if let process = command.attach {
            let recording = command.recording.map { _ in "--recording" } ?? command.simulation.at.map { _ in "--at" }
            let other = recording ?? command.scenario.map { _ in "a scenario" } ?? command.simulation.seed.map { _ in "--seed" }
            let series = command.every.map { _ in "--every" } ?? command.length.map { _ in "--for" }
            if let option = other ?? command.choices.given ?? series {
                throw UsageFault("--attach and \(option) contradict each other: the present moment of the process is drawn")
            }
            return .process(try AttachArguments.one([process], "--attach"), process)
        }
        if let path = command.recording {
            let other = command.scenario.map { _ in "a scenario" } ?? command.simulation.seed.map { _ in "--seed" }
            if let other { throw UsageFault("--recording and \(other) contradict each other: give one of them") }
            return .recording(path)
        }
        let scenario = try ScenarioArgument.parse(command.scenario)
        return .simulated(
            SimulatedRun(
                scenario: scenario,
                seed: try command.simulation.chosenSeed(),
                options: try command.choices.options(of: scenario, isLive: false)
            )
        )
    }

    private static func moments(
        _ command: SnapshotCommand,
        _ first: Duration?,
        of subject: Subject,
        longest: Duration
    ) throws(UsageFault) -> [Duration] {
        guard let every = command.every, let length = command.length else {
            if command.every != nil || command.length != nil {
                throw UsageFault("--every and --for must be given together: the interval between frames, and the total time")
            }
            if let first { return [first] }
            if case .simulated = subject { return [SimulationOptions.defaultMoment] }
            return []
        }
        let step = try DurationArgument("--every", parsing: every, longest: longest).duration
        let span = try DurationArgument("--for", parsing: length, longest: longest).duration
        guard step > .zero, Int(span / step) < Self.frameLimit else {
            throw UsageFault("--every: '\(every)' is too short for --for \(length): at most \(Self.frameLimit) frames are written")
        }
        return (0...Int(span / step)).map { (first ?? .zero) + step * $0 }
    }

    // MARK: Drawing

    /// Draws the frames and writes them.
    func write() async throws {
        if let interval = self.animation { return try await self.writeAnimation(interval) }
        var rest = self.destinations[...]
        try await self.frames { text throws in try rest.popFirst()?.write(text) }
    }

    /// Draws the frames as one animated image, and writes it.
    private func writeAnimation(_ interval: Duration) async throws {
        var canvases: [Canvas] = []
        try await self.states { state, _, _ in canvases.append(state.render()) }
        let title = self.title(at: self.moments.first ?? .zero) + " to \(self.moments.last ?? .zero)"
        try self.destinations.first?.write(SVGAnimation.render(canvases, interval: interval, theme: self.theme, title: title))
    }

    /// Draws the frames in order, and passes each to `take`.
    func frames(_ take: (String) throws -> Void) async throws {
        try await self.states { state, moment, report in try take(try self.draw(state, at: moment, report: report)) }
    }

    /// Passes the state of the dashboard at each moment to `take`.
    private func states(_ take: (DashboardState, Duration, MonitorReport?) throws -> Void) async throws {
        switch self.subject {
        case .simulated(let run):
            let session = try SimulatedSession(run.scenario, seed: run.seed, options: run.options)
            var state = DashboardState(configuration: self.configuration(run.origin, SimulatedRun.clock))
            for moment in self.moments {
                for update in await session.advance(to: moment) { _ = state.update(.monitor(update)) }
                try take(state, moment, session.monitor.report())
            }
        case .recording(let path):
            var pictures = try Recordings.open(path)
            for remark in pictures.survey.remarks { Console.complain("resmon: \(path): \(remark)") }
            try self.states(of: &pictures, take)
        case .process(let endpoint, _):
            let process = try await AttachedFrame(endpoint)
            var state = DashboardState(configuration: self.configuration(process.origin, process.clock))
            for update in process.updates { _ = state.update(.monitor(update)) }
            try take(state, process.age, process.report)
        }
    }

    /// Draws the frames of an open recording in order, and passes each to `take`.
    func frames(of pictures: inout RecordedPictures, _ take: (String) throws -> Void) throws {
        try self.states(of: &pictures) { state, moment, report in try take(try self.draw(state, at: moment, report: report)) }
    }

    private func states(of pictures: inout RecordedPictures, _ take: (DashboardState, Duration, MonitorReport?) throws -> Void) throws {
        if let last = self.moments.last { try Recordings.check(last, "--at", within: pictures) }
        for moment in self.moments.isEmpty ? [pictures.span.upperBound - pictures.beginning] : self.moments {
            pictures.seek(to: pictures.beginning + moment)
            let clock = WallClock(
                originNanoseconds: pictures.header?.clockOriginNanoseconds ?? 0,
                offsetSeconds: pictures.header?.clockOffsetSeconds ?? 0
            )
            var state = DashboardState(configuration: self.configuration(pictures.header?.origin ?? "recording", clock))
            _ = state.update(.recorded(pictures.picture))
            try take(state, moment, pictures.report)
        }
    }

    private func configuration(_ origin: String, _ clock: WallClock) -> DashboardConfiguration {
        DashboardConfiguration(
            origin: origin,
            clock: clock,
            size: self.size,
            theme: self.theme,
            themes: [self.theme],
            glyphs: self.glyphs,
            view: self.view,
            isPaused: true
        )
    }

    /// The frame in the chosen format.
    private func draw(_ state: DashboardState, at moment: Duration, report: MonitorReport?) throws -> String {
        switch self.format {
        case .text: TextRenderer.render(state.render())
        case .ansi: ANSIRenderer.render(state.render(), depth: self.depth)
        case .svg: SVGRenderer.render(state.render(), theme: self.theme, title: self.title(at: moment))
        case .json: try StableJSON.encode(SnapshotDocument(self, state: state, at: moment, report: report))
        }
    }

    private func title(at moment: Duration) -> String {
        switch self.subject {
        case .simulated(let run): "resmon: \(self.view.title) of the scenario \(run.scenario.name), seed \(run.seed), at \(moment)"
        case .recording(let path): "resmon: \(self.view.title) of the recording \(path) at \(moment)"
        case .process(_, let name): "resmon: \(self.view.title) of the process \(name)"
        }
    }
}

/// A snapshot as JSON: the drawn rows, the data of the view, and the monitor's report.
private struct SnapshotDocument: Encodable {
    let scenario: String?
    let seed: UInt64?
    let recording: String?
    let process: String?
    /// The container's time in seconds since its creation.
    let at: Double
    let width: Int
    let height: Int
    /// The rows of the text format.
    let rows: [String]
    let view: ViewModel
    let report: MonitorReport?

    init(_ plan: SnapshotPlan, state: DashboardState, at moment: Duration, report: MonitorReport?) {
        switch plan.subject {
        case .simulated(let run): (self.scenario, self.seed, self.recording, self.process) = (run.scenario.name, run.seed, nil, nil)
        case .recording(let path): (self.scenario, self.seed, self.recording, self.process) = (nil, nil, path, nil)
        case .process(_, let name): (self.scenario, self.seed, self.recording, self.process) = (nil, nil, nil, name)
        }
        self.at = moment / .seconds(1)
        self.width = plan.size.width
        self.height = plan.size.height
        self.rows = TextRenderer.render(state.render()).split(separator: "\n").map(String.init)
        self.view = state.viewModel()
        self.report = report
    }
}

import ResourceContainer

/// Playback and recording.
extension DashboardState {
    /// Shows a moment of a recording.
    mutating func show(recorded picture: Picture) {
        self.picture = picture
        // Lines that the dashboard added to the last picture shifted the numbers of the lines after them.
        self.screens.updateAll { $0.renumber() }
        self.refreshRows()
        if self.seeksError, let error = self.screens.first(EventsScreen.self)?.errors(picture).last {
            self.select(.event(picture.events[error]))
        }
        self.seeksError = false
        if let awaited, picture.time <= awaited.time {
            self.awaited = nil
            self.go(to: awaited.item)
        }
        if let recorded = self.recorded, !self.isPaused, !recorded.mayGrow, picture.time >= recorded.span.upperBound {
            self.isPaused = true
            self.say("the recording ends here: \(self.keys.key(.earlier)) goes back")
        }
    }

    /// Handles the time commands while a recording is shown. Returns nil for a command that does not depend on the source.
    mutating func takeRecorded(_ command: Command, in span: ClosedRange<TimeSource.Instant>) -> [Effect]? {
        let now = self.picture.time
        switch command {
        case .pause:
            self.isPaused.toggle()
            let isOver = !self.isPaused && now >= span.upperBound && self.recorded?.mayGrow == false
            self.say(isOver ? "the recording ends here: \(self.keys.key(.earlier)) goes back" : self.isPaused ? "paused" : "playing")
            return []
        case .stepBack, .stepForward:
            self.isPaused = true
            return self.step(.by(command == .stepBack ? -1 : 1), in: span)
        case .earlier: return self.seek(.to(now + .seconds(-10)), in: span)
        case .later: return self.seek(.to(now + .seconds(10)), in: span)
        case .live: return self.seek(.to(span.upperBound), in: span)
        case .nextError:
            self.seeksError = true
            return [.seek(.nextError)]
        case .record:
            self.say("this is a recording", .warn)
            return []
        default: return nil
        }
    }

    /// Seeks relative to the moment that is shown. The player may already be one moment further.
    private mutating func step(_ step: Seek, in span: ClosedRange<TimeSource.Instant>) -> [Effect] {
        let effects = self.seek(step, in: span)
        return effects.isEmpty ? [] : [.seek(.to(self.picture.time))] + effects
    }

    private mutating func seek(_ seek: Seek, in span: ClosedRange<TimeSource.Instant>) -> [Effect] {
        let now = self.picture.time
        let isBack =
            switch seek {
            case .to(let moment): moment < now
            case .by(let count): count < 0
            case .nextError: false
            }
        guard isBack ? now > span.lowerBound : now < span.upperBound else {
            self.say(isBack ? "the recording begins here" : "the recording ends here")
            return []
        }
        return [.seek(seek)]
    }

    /// Handles the argument of the `speed` command, which was checked.
    mutating func setSpeed(_ argument: String) -> [Effect] {
        guard let factor = Command.factor(argument) else { return [] }
        self.speed = factor
        self.say("playing at \(Self.words(factor)) real time")
        return [.setSpeed(factor)]
    }

    static func words(_ factor: Double) -> String {
        "×" + (factor == factor.rounded() ? "\(Int(factor))" : "\(factor)")
    }

    /// Starts a recording, or stops the active one.
    mutating func toggleRecording(_ path: String) -> [Effect] {
        if self.pending.contains(where: { $0.isOfRecording }) {
            self.say("please wait: the recording is starting or stopping", .warn)
            return []
        }
        let effect: Effect = self.recordingPath == nil ? .startRecording(path) : .stopRecording
        self.pending.append(effect)
        return [effect]
    }
}

extension Effect {
    fileprivate var isOfRecording: Bool {
        switch self {
        case .startRecording, .stopRecording: true
        default: false
        }
    }
}

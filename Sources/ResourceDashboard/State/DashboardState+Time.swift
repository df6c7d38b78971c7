import ResourceContainer
import ResourceMonitoring

/// Time travel. The picture that is shown may be a past one, while the newest is still updated.
extension DashboardState {
    /// The newest picture, whether it is shown or not.
    var newest: Picture {
        self.present ?? self.picture
    }

    /// Whether the picture that is shown is a past one.
    var isPast: Bool {
        self.present != nil
    }

    /// Folds an update into the newest picture and appends it to the timeline.
    mutating func take(_ update: MonitorUpdate) {
        if self.present?.isOther(update) ?? self.picture.isOther(update) { self.reset() }
        if var present = self.present {
            self.present = nil
            present.fold(update)
            self.timeline.append(update, &present)
            self.present = present
            return
        }
        self.picture.fold(update)
        self.timeline.append(update, &self.picture)
        self.dropStaleReferences()
        self.refreshRows(changed: update.isReset ? nil : update.resources)
    }

    /// Resets everything that belongs to the previous container when another one replaces it.
    private mutating func reset() {
        let limit = self.timeline.limit
        self.picture = Picture()
        self.present = nil
        self.moment = nil
        self.timeline = Timeline()
        self.timeline.setLimit(limit, &self.picture)
        self.gaps = []
        self.marks = []
        self.userOpenedScopes = []
        self.seenUserScopes = []
        self.pending = []
        self.movedAt = nil
        self.screens.updateAll { $0.reset() }
        if !(self.overlay?.survivesReset ?? true) { self.overlay = nil }
    }

    // MARK: Moving in time

    /// Shows a moment, or the newest picture if it is not earlier than that.
    mutating func show(moment: Int) {
        let moments = self.timeline.moments
        guard let last = moments.last else { return self.say("there is no data yet", .warn) }
        if moment >= last { return self.showNewest() }
        if moment < moments.lowerBound, self.moment == moments.lowerBound {
            return self.say("the timeline begins here: it keeps ten minutes, or up to \(self.timeline.limit >> 20) MB", .warn)
        }
        let shown = max(moment, moments.lowerBound)
        if self.present == nil { self.present = self.picture }
        self.picture = self.timeline.picture(of: shown, self.newest.events)
        self.moment = shown
        self.movedAt = nil
        self.refreshRows()
    }

    /// Shows the newest picture.
    mutating func showNewest() {
        guard let present = self.present else { return }
        self.picture = present
        self.present = nil
        self.moment = nil
        self.movedAt = nil
        self.dropStaleReferences()
        self.refreshRows()
    }

    mutating func goLive() {
        self.showNewest()
        self.isPaused = false
        self.say("live")
    }

    mutating func step(_ count: Int) -> [Effect] {
        let last = self.timeline.moments.last ?? 0
        if count > 0, !self.isPast {
            guard self.isPaused else {
                self.say("this is the newest moment; Space pauses")
                return []
            }
            return [.step]
        }
        self.show(moment: (self.moment ?? last) + count)
        return []
    }

    mutating func move(inTime duration: Duration) {
        if duration > .zero, !self.isPast { return self.say("this is the newest moment") }
        let target = self.timeline.moment(at: self.picture.time + duration)
        self.show(moment: duration < .zero ? min(target, (self.moment ?? target + 1) - 1) : max(target, (self.moment ?? 0) + 1))
    }

    // MARK: Marks

    /// Handles the letter after `m` or `'`.
    mutating func takeMark(_ key: Key, sets: Bool) -> [Effect] {
        guard case .character(let letter) = key.code, key.modifiers.isEmpty, letter.isLetter || letter.isNumber else {
            self.say(sets ? "no mark was set: expected a letter or a digit" : "no mark was chosen")
            return []
        }
        if sets {
            self.marks.removeAll { $0.letter == letter }
            self.marks.append(TimeMark(letter: letter, time: self.picture.time, created: self.picture.totals.books.created))
            self.say("mark \(letter) at \(self.configuration.clock.time(self.picture.time)); d shows live resources created since")
            return []
        }
        guard let mark = self.marks.first(where: { $0.letter == letter }) else {
            let known = self.marks.map { String($0.letter) }.joined(separator: " ")
            self.say("there is no mark \(letter)\(known.isEmpty ? "" : "; the marks are: \(known)")", .warn)
            return []
        }
        if self.recorded != nil { return [.seek(.to(mark.time))] }
        guard let first = self.timeline.moments.first, self.timeline.time(of: first) <= mark.time else {
            self.say("mark \(letter) is older than the timeline", .warn)
            return []
        }
        self.show(moment: self.timeline.moment(at: mark.time))
        return []
    }

    /// Shows the moment at an instant of the timeline or of the recording.
    mutating func goTo(_ instant: TimeSource.Instant) {
        self.show(moment: self.timeline.moment(at: instant))
    }

    /// The times that can be shown: those of the timeline or of the recording; nil if there are none.
    var shownTimes: ClosedRange<TimeSource.Instant>? {
        if let recorded = self.recorded { return recorded.span }
        guard let first = self.timeline.moments.first, let last = self.timeline.moments.last else { return nil }
        let (start, end) = (self.timeline.time(of: first), self.timeline.time(of: last))
        return min(start, end)...max(start, end)
    }

    /// Goes to a share of the times that can be shown: 0 is the first, 1 the last.
    mutating func goTo(share: Double) -> [Effect] {
        guard let times = self.shownTimes else {
            self.say("there is no data yet", .warn)
            return []
        }
        return self.goTo(times.instant(at: share.isFinite ? share : 0), in: times)
    }

    /// Goes to the last occurrence of a time of day, `12:03` or `12:03:40`.
    mutating func goTo(time text: String) -> [Effect] {
        if let fault = self.fault(ofTime: text) {
            self.say(fault, .warn)
            return []
        }
        guard let times = self.shownTimes, let instant = self.instant(ofTime: text, in: times) else { return [] }
        return self.goTo(instant, in: times)
    }

    /// Returns why a time of day cannot be shown; nil if it can.
    func fault(ofTime text: String) -> String? {
        guard let times = self.shownTimes else { return "there is no data yet" }
        let clock = self.configuration.clock
        let known =
            "\(self.recorded == nil ? "the timeline" : "the recording") has "
            + "\(clock.time(times.lowerBound)) to \(clock.time(times.upperBound))"
        guard WallClock.secondOfDay(text) != nil else {
            return "goto: '\(text)' is not a time of day: expected 12:03 or 12:03:40; \(known)"
        }
        return self.instant(ofTime: text, in: times) == nil ? "goto: \(text) is too early or too late: \(known)" : nil
    }

    /// Returns the last occurrence of a time of day within `times`; nil if there is none.
    private func instant(ofTime text: String, in times: ClosedRange<TimeSource.Instant>) -> TimeSource.Instant? {
        guard let second = WallClock.secondOfDay(text) else { return nil }
        let instant = self.configuration.clock.instant(ofSecond: second, notAfter: times.upperBound)
        return instant >= times.lowerBound ? instant : nil
    }

    private mutating func goTo(_ instant: TimeSource.Instant, in times: ClosedRange<TimeSource.Instant>) -> [Effect] {
        let instant = min(max(instant, times.lowerBound), times.upperBound)
        if self.recorded != nil { return [.seek(.to(instant))] }
        self.goTo(instant)
        return []
    }

    mutating func openDifferences() {
        let latest = self.marks.suffix(2).sorted { $0.time < $1.time }
        guard let from = latest.first else { return self.say("set a mark first: m and a letter", .warn) }
        self.overlay = .differences(DifferencesDialog(from: from, to: latest.count == 2 ? latest[1] : nil))
    }

    // MARK: Errors

    /// Moves to the next error: to the next moment with one in the past or in a recording, to the next line with one in the events.
    mutating func nextError() {
        if self.isPast, self.view != .events, let moment = self.moment {
            guard let error = self.newest.events.error(from: self.timeline.lineEnd(of: moment)),
                let next = self.timeline.moment(ofLine: error)
            else { return self.say("there is no error after this moment") }
            return self.show(moment: next)
        }
        let selected = self.screens.first(EventsScreen.self)?.selectedNumber(self.picture)
        let errors = self.screens.first(EventsScreen.self)?.errors(self.picture) ?? []
        guard !errors.isEmpty else { return self.say("there is no error in the event log") }
        let next = selected.flatMap { selected in errors.first { $0 > selected } }
        if selected != nil, next == nil { self.say("wrapped around to the first error") }
        self.go(to: .event(self.picture.events[next ?? (selected == nil ? errors[errors.count - 1] : errors[0])]))
    }
}

extension ClosedRange<TimeSource.Instant> {
    /// Returns the instant at a share of the range: 0 is its lower bound, 1 its upper bound.
    func instant(at share: Double) -> TimeSource.Instant {
        // The product may be rounded, but the ends are exact.
        share >= 1 ? self.upperBound : self.lowerBound + (self.upperBound - self.lowerBound) * Swift.max(0, share)
    }
}

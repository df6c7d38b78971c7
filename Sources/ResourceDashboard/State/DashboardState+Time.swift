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
        self.picture = Picture()
        self.present = nil
        self.moment = nil
        self.timeline = Timeline()
        self.eventRows = EventRows()
        self.marks = []
        self.userOpenedScopes = []
        self.seenUserScopes = []
        self.pending = []
        self.detail = nil
        self.movedAt = nil
        self.folded = []
        self.foldedGraph = []
        self.treeCursor = Cursor()
        self.resourceCursor = Cursor()
        self.poolCursor = Cursor()
        self.healthCursor = Cursor()
        self.findingCursor = Cursor()
        self.graphCursor = Cursor()
        self.errorCursor = Cursor()
        self.selectedEvent = nil
        switch self.overlay {
        case .help, .palette, .themes, .filter, .write, .overwrite, nil: break
        case .name, .picker, .close, .preview, .report, .chooser, .differences, .quit, .mark: self.overlay = nil
        }
    }

    // MARK: Moving in time

    /// Shows a moment, or the newest picture if it is not earlier than that.
    mutating func show(moment: Int) {
        let moments = self.timeline.moments
        guard let last = moments.last else { return self.say("there is no data yet", .warn) }
        if moment >= last { return self.showNewest() }
        if moment < moments.lowerBound, self.moment == moments.lowerBound {
            return self.say("the timeline begins here: it keeps ten minutes, or up to 64 MB", .warn)
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
        self.overlay = nil
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

    mutating func openDifferences() {
        let latest = self.marks.suffix(2).sorted { $0.time < $1.time }
        guard let from = latest.first else { return self.say("set a mark first: m and a letter", .warn) }
        self.overlay = .differences(DifferencesOverlay(from: from, to: latest.count == 2 ? latest[1] : nil))
    }

    mutating func take(_ key: Key, _ overlay: DifferencesOverlay) {
        var lens = overlay
        let groups = Differences(from: lens.from, to: lens.to, in: self.picture).groups
        switch key.code {
        case .escape, .character("q"), .character("d"):
            self.overlay = nil
            return
        case .down, .character("j"): lens.selected = min(lens.selected + 1, max(0, groups.count - 1))
        case .up, .character("k"): lens.selected = max(0, lens.selected - 1)
        case .enter:
            guard groups.indices.contains(lens.selected), let oldest = groups[lens.selected].resources.first else { return }
            self.overlay = nil
            if let scope = self.picture.resources[oldest]?.resource.scope { self.show(scope: scope, resource: oldest) }
            return
        default: break
        }
        self.overlay = .differences(lens)
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
        self.show(.events)
        if self.groupsErrors {
            self.groupsErrors = false
            self.refreshRows()
        }
        let errors = self.picture.events.errors.filter { self.eventRows.row(of: $0) != nil }
        guard !errors.isEmpty else { return self.say("there is no error in the event log") }
        let selected = self.selectedEvent.flatMap { self.picture.events.number(of: $0) }
        let next = selected.flatMap { selected in errors.first { $0 > selected } }
        if selected != nil, next == nil { self.say("wrapped around to the first error") }
        self.selectedEvent = self.picture.events[next ?? (selected == nil ? errors[errors.count - 1] : errors[0])]
    }
}

import ResourceContainer

extension DashboardState {
    /// Handles an input event and returns its effects.
    mutating func take(_ event: InputEvent) -> [Effect] {
        if self.isTooSmall, let effects = self.takeTooSmall(event) { return effects }
        switch event {
        case .resize(let size):
            self.size = size
            return []
        case .focus:
            return []
        case .mouse(let mouse):
            return self.take(mouse)
        case .paste(let text):
            if !self.paste(text) { self.say("pasted text is accepted only in text fields", .warn) }
            return []
        case .key(let key):
            return self.take(key)
        }
    }

    /// Handles input when the window is too small to draw. Only resizing and quitting work, without a confirmation, which could not be
    /// read.
    private mutating func takeTooSmall(_ event: InputEvent) -> [Effect]? {
        switch event {
        case .resize, .focus: return nil
        case .mouse, .paste: return []
        case .key(let key):
            if key == Key(.character("c"), .control) { return self.interrupt() }
            self.isInterrupted = false
            let pressed = Key(key.code, key.modifiers.subtracting(.alt))
            let command = self.keys.command(for: pressed, in: self.view)?.command
            return command == .quit || command == .quitNow ? [.quit] : []
        }
    }

    private mutating func take(_ key: Key) -> [Effect] {
        if key.modifiers.contains(.alt), !self.takesAlt(key) {
            // A terminal sends Esc followed quickly by a key as it sends that key with Alt.
            return self.take(Key(.escape)) + self.take(Key(key.code, key.modifiers.subtracting(.alt)))
        }
        if key == Key(.character("c"), .control) { return self.interrupt() }
        self.isInterrupted = false
        self.notice = nil
        if let overlay = self.overlay {
            defer { self.showReport() }
            return self.take(key, over: overlay)
        }
        guard let info = self.keys.command(for: key, in: self.view) else { return [] }
        return self.run(info)
    }

    /// Whether `key` with Alt has a meaning: a command is assigned to it, or it edits text.
    private func takesAlt(_ key: Key) -> Bool {
        let command = self.keys.command(for: key, in: self.view)?.command
        guard let overlay = self.overlay else { return command != nil }
        if command == .redraw || command == .suspend { return true }
        switch overlay {
        // A confirmation dialog handles all keys itself and ignores those with Alt.
        case .close, .quit: return true
        default: break
        }
        switch key.code {
        case .left, .right, .home, .end, .backspace, .delete: return overlay.hasTextField
        default: return false
        }
    }

    /// Handles Ctrl-C. The first press shows a hint, and a second one directly after it quits.
    private mutating func interrupt() -> [Effect] {
        if self.isInterrupted { return [.quit] }
        self.isInterrupted = true
        self.say("\(self.keys.key(.quit)) quits; Ctrl-C again quits without asking")
        return []
    }

    /// Runs a command for its key, the help or the palette. `argument` is the text typed after its name.
    mutating func run(_ info: CommandInfo, argument: String = "") -> [Effect] {
        if info.acts, let refusal = self.refusal(of: info) {
            self.say(refusal, .warn)
            return []
        }
        if let fault = info.command.fault(in: argument, self) {
            self.say(fault, .warn)
            return []
        }
        if let span = self.recorded?.span, let effects = self.takeRecorded(info.command, in: span) { return effects }
        let context = self.context
        if let response = self.screens.update(self.view, { $0.run(info.command, context) }) { return self.take(response) }
        switch info.command {
        case .overview: self.show(.overview)
        case .scopes: self.show(.scopes)
        case .resources: self.show(.resources)
        case .pools: self.show(.pools)
        case .health: self.show(.health)
        case .events: self.show(.events)
        case .findings: self.show(.findings)
        case .graph: self.show(.graph)
        case .processes: self.show(.processes)
        case .pickProcess: self.openProcesses()
        case .previousProcess: return self.showProcess(by: -1)
        case .nextProcess: return self.showProcess(by: 1)
        case .reconnect: return self.reconnect()
        case .explain: self.explain()
        case .nextPane: self.moveFocus(by: 1)
        case .previousPane: self.moveFocus(by: -1)
        case .open: return self.openSelected()
        case .back: self.goBack()
        case .viewBack: self.goThroughViews(back: true)
        case .viewForward: self.goThroughViews(back: false)
        case .zoom: self.isZoomed.toggle()
        case .lastView: if let last = self.earlierViews.last { self.show(last) }
        case .down: self.move(.move(by: 1))
        case .up: self.move(.move(by: -1))
        case .first: self.move(.moveToEnd(first: true))
        case .last: self.move(.moveToEnd(first: false))
        case .pageDown: self.movePage(by: 1)
        case .pageUp: self.movePage(by: -1)
        case .left: self.sideways(-1)
        case .right: self.sideways(1)
        case .sort: self.sort(.sortNext(by: 1))
        case .reverse: self.sort(.reverse)
        case .sortNow: self.sortNow("sorted again")
        case .holdOrder:
            self.isOrderHeld.toggle()
            self.refreshRows()
            self.say(
                self.isOrderHeld
                    ? "rows keep their order until \(self.keys.key(.holdOrder)) is pressed again" : "rows are sorted continuously"
            )
        case .columns: self.openColumns()
        case .filter: self.openFilter(argument)
        case .nextMatch: self.moveToMatch(1)
        case .previousMatch: self.moveToMatch(-1)
        case .showClosed:
            self.showsClosed.toggle()
            self.refreshRows()
            self.say(self.showsClosed ? "items that ended within a minute are shown" : "ended items are hidden")
        case .groupErrors, .peek: self.say("\(info.command.rawValue) works only in another view", .warn)
        case .nextError: self.nextError()
        case .pause: self.togglePause()
        case .stepBack: return self.step(-1)
        case .stepForward: return self.step(1)
        case .earlier: self.move(inTime: .seconds(-10))
        case .later: self.move(inTime: .seconds(10))
        case .live: self.goLive()
        case .setMark: self.overlay = .mark(sets: true)
        case .goToMark: self.overlay = .mark(sets: false)
        case .differences: self.openDifferences()
        case .zoomIn, .zoomOut:
            self.span = self.span.zoomed(out: info.command == .zoomOut)
            self.say("charts show \(self.span.label)")
        case .theme: self.openThemes(argument)
        case .glyphs:
            let sets = GlyphSet.allCases
            self.glyphs = sets[((sets.firstIndex(of: self.glyphs) ?? 0) + 1) % sets.count]
            self.say("glyphs: \(self.glyphs.rawValue)")
        case .mouse:
            self.usesMouse.toggle()
            self.say(self.usesMouse ? "mouse: resmon" : "mouse: terminal, so that its text selection works")
            return [.mouse(self.usesMouse)]
        case .palette: self.overlay = .palette(PaletteDialog(self))
        case .help: self.overlay = .help(HelpDialog())
        case .copyRow: return self.copyRow()
        case .copyView: return self.copyView(argument)
        case .writeFrame: return self.writeFrame(argument)
        case .record: return self.toggleRecording(argument)
        case .save: return self.save(argument)
        case .speed: return self.setSpeed(argument)
        case .teardownPreview: self.openPreview()
        case .openScope, .openScopeNamed, .getResource, .closeScope, .forceClose, .checkHealth, .checkAllHealth, .injectFault, .lease,
            .release, .allowFinding, .scenario, .load:
            return self.act(info.command, argument)
        case .goToTime: return self.goTo(time: argument)
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .quit: return self.quit()
        case .quitNow: return [.quit]
        }
        return []
    }

    /// Performs the request of a screen.
    mutating func take(_ response: ScreenResponse) -> [Effect] {
        switch response {
        case .refresh: self.refreshRows()
        case .notice(let text, let level):
            self.refreshRows()
            self.say(text, level)
        case .go(let destination): return self.go(to: destination)
        case .open(let overlay): self.overlay = overlay
        }
        return []
    }

    private mutating func togglePause() {
        if self.isPast { return self.goLive() }
        self.isPaused.toggle()
        self.say(
            self.isPaused
                ? "paused: the container is not sampled; \(self.keys.key(.pause)) resumes, \(self.keys.key(.stepBack)) and \(self.keys.key(.stepForward)) step"
                : "live"
        )
    }

    private mutating func quit() -> [Effect] {
        if self.userOpenedScopes.isEmpty, self.openedElsewhere.isEmpty { return [.quit] }
        self.overlay = .quit(QuitDialog())
        return []
    }

    // MARK: Views

    mutating func show(_ view: DashboardView) {
        guard view != self.view else { return }
        self.earlierViews.append(self.view)
        if self.earlierViews.count > 50 { self.earlierViews.removeFirst() }
        self.laterViews = []
        self.isZoomed = false
        self.screens.update(self.view) { $0.leave() }
        self.view = view
        self.refreshRows()
    }

    private mutating func goThroughViews(back: Bool) {
        guard let next = back ? self.earlierViews.popLast() : self.laterViews.popLast() else { return }
        if back { self.laterViews.append(self.view) } else { self.earlierViews.append(self.view) }
        self.isZoomed = false
        self.screens.update(self.view) { $0.leave() }
        self.view = next
        self.refreshRows()
    }

    private mutating func moveFocus(by step: Int) {
        self.screens.update(self.view) { $0.focusNext(by: step) }
        self.refreshRows()
    }

    /// Handles Esc: leaves the innermost state of the view, and never the view itself.
    private mutating func goBack() {
        if self.isZoomed {
            self.isZoomed = false
        } else if self.screens.update(self.view, { $0.back() }) {
            self.refreshRows()
        } else if let list = self.list, !list.filter.isEmpty {
            self.filter(TextField())
        } else if self.screen.focusIndex != 0 {
            self.screens.update(self.view) { $0.focusIndex = 0 }
            self.refreshRows()
        } else {
            self.say("\(self.keys.key(.viewBack)) returns to the earlier view, \(self.keys.key(.quit)) quits")
        }
    }

    private mutating func openThemes(_ name: String) {
        if let theme = self.themes.first(where: { $0.name == name }) {
            self.theme = theme
            return self.say("theme: \(name)")
        }
        self.overlay = .themes(
            ThemePicker(original: self.theme, selected: self.themes.firstIndex { $0.name == self.theme.name } ?? 0)
        )
    }
}

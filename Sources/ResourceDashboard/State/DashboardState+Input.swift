import ResourceContainer

extension DashboardState {
    /// Takes what the person did.
    mutating func take(_ event: InputEvent) -> [Effect] {
        switch event {
        case .resize(let size):
            self.size = size
            return []
        case .focus:
            return []
        case .mouse(let mouse):
            return self.take(mouse)
        case .paste(let text):
            if !self.paste(text) { self.say("pasted text is refused here: it goes into text fields only", .warn) }
            return []
        case .key(let key):
            return self.take(key)
        }
    }

    private mutating func take(_ mouse: Mouse) -> [Effect] {
        guard self.overlay == nil else { return [] }
        switch mouse.action {
        case .wheelUp: self.move(by: -3)
        case .wheelDown: self.move(by: 3)
        case .press where mouse.y == 1:
            if let view = TabBar.view(at: mouse.x, in: self) { self.show(view) }
        case .press, .release, .drag: break
        }
        return []
    }

    private mutating func take(_ key: Key) -> [Effect] {
        if key == Key(.character("c"), .control) { return self.interrupt() }
        self.isInterrupted = false
        self.notice = nil
        if let overlay = self.overlay {
            defer { self.showReport() }
            return self.take(key, over: overlay)
        }
        guard let info = CommandInfo.command(for: key, in: self.view) else { return [] }
        return self.run(info)
    }

    /// Ctrl-C once is a hint, twice in a row quits.
    private mutating func interrupt() -> [Effect] {
        if self.isInterrupted { return [.quit] }
        self.isInterrupted = true
        self.say("q quits; Ctrl-C again quits without asking")
        return []
    }

    /// Runs a command, as its key or the help does.
    mutating func run(_ info: CommandInfo) -> [Effect] {
        if info.acts, self.configuration.isReadonly {
            self.say("\(info.label) is refused: the dashboard is read-only", .warn)
            return []
        }
        switch info.command {
        case .overview: self.show(.overview)
        case .scopes: self.show(.scopes)
        case .resources: self.show(.resources)
        case .pools: self.show(.pools)
        case .health: self.show(.health)
        case .events: self.show(.events)
        case .findings: self.show(.findings)
        case .graph: self.show(.graph)
        case .explain: self.explain()
        case .nextPane: self.moveFocus(by: 1)
        case .previousPane: self.moveFocus(by: -1)
        case .open: self.openSelected()
        case .back: self.goBack()
        case .viewBack: self.goThroughViews(back: true)
        case .viewForward: self.goThroughViews(back: false)
        case .lastView: if let last = self.earlierViews.last { self.show(last) }
        case .down: self.move(by: 1)
        case .up: self.move(by: -1)
        case .first: self.moveToEnd(first: true)
        case .last: self.moveToEnd(first: false)
        case .pageDown: self.move(by: self.halfPage)
        case .pageUp: self.move(by: -self.halfPage)
        case .left: self.sideways(-1)
        case .right: self.sideways(1)
        case .sort: self.sideways(1)
        case .reverse: self.reverse()
        case .filter: self.overlay = .filter
        case .nextMatch: self.moveToMatch(1)
        case .previousMatch: self.moveToMatch(-1)
        case .showClosed:
            self.showsClosed.toggle()
            self.refreshRows()
            self.say(self.showsClosed ? "what ended within a minute is shown" : "what has ended is hidden")
        case .peek: self.showsPeek.toggle()
        case .pause:
            self.isPaused.toggle()
            self.say(self.isPaused ? "paused: nothing is asked of the container; Space goes on" : "live")
        case .theme: self.openThemes()
        case .glyphs:
            let sets = GlyphSet.allCases
            self.glyphs = sets[((sets.firstIndex(of: self.glyphs) ?? 0) + 1) % sets.count]
            self.say("glyphs: \(self.glyphs.rawValue)")
        case .help: self.overlay = .help(HelpOverlay())
        case .openScope, .openScopeNamed, .getResource, .closeScope, .checkHealth, .checkAllHealth: return self.act(info.command)
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .quit: return self.quit()
        case .quitNow: return [.quit]
        }
        return []
    }

    // MARK: Acting

    private mutating func act(_ command: Command) -> [Effect] {
        switch command {
        case .checkAllHealth:
            return self.start(.checkHealth(nil), "checking all resources")
        case .checkHealth:
            guard let resource = self.actionResource, self.picture.resources[resource] != nil else {
                self.say("select a resource to check", .warn)
                return []
            }
            return self.start(.checkHealth(resource), "checking \(self.picture.label(of: resource))")
        default:
            break
        }
        guard let scope = self.selectedScope, let row = self.picture.scopes[scope] else {
            self.say("select a scope that is open", .warn)
            return []
        }
        switch command {
        case .openScope:
            return self.start(.openScope(in: scope, name: nil), "opening a scope in \(row.scope.name)")
        case .openScopeNamed:
            self.overlay = .name(TextField(), parent: scope)
        case .getResource:
            self.overlay = .picker(BindingPicker(scope: scope))
        case .closeScope where row.scope.parent == nil:
            self.say("\(row.scope.name) is the root: it closes when the program ends", .warn)
        case .closeScope:
            self.overlay = .close(CloseDialog(scope: scope, name: row.scope.name))
        default:
            break
        }
        return []
    }

    mutating func start(_ effect: Effect, _ text: String) -> [Effect] {
        self.pending.append(effect)
        self.say("\(text) …")
        return [effect]
    }

    private mutating func quit() -> [Effect] {
        if self.personOpenedScopes.isEmpty { return [.quit] }
        self.overlay = .quit(QuitDialog())
        return []
    }

    // MARK: Views

    mutating func show(_ view: DashboardView) {
        guard view != self.view else { return }
        self.earlierViews.append(self.view)
        if self.earlierViews.count > 50 { self.earlierViews.removeFirst() }
        self.laterViews = []
        self.view = view
        self.refreshRows()
    }

    private mutating func goThroughViews(back: Bool) {
        guard let next = back ? self.earlierViews.popLast() : self.laterViews.popLast() else { return }
        if back { self.laterViews.append(self.view) } else { self.earlierViews.append(self.view) }
        self.view = next
        self.refreshRows()
    }

    private mutating func moveFocus(by step: Int) {
        let count = self.view.panes.count
        self.focus[self.view] = ((self.focus[self.view] ?? 0) + step + count) % count
    }

    /// Esc goes back or clears; it never quits.
    private mutating func goBack() {
        if let field = self.filters[self.view], !field.field.text.isEmpty {
            self.filters[self.view] = nil
            self.refreshRows()
        } else if self.view == .events, self.selectedEvent != nil {
            self.selectedEvent = nil
        } else if (self.focus[self.view] ?? 0) != 0 {
            self.focus[self.view] = 0
        } else {
            self.goThroughViews(back: true)
        }
    }

    private mutating func openThemes() {
        let themes = self.configuration.themes
        self.overlay = .themes(
            ThemePicker(original: self.theme, selected: themes.firstIndex { $0.name == self.theme.name } ?? 0)
        )
    }
}

import ResourceContainer
import ResourceDashboard

extension FleetState {
    /// Handles an input event and returns its requests.
    mutating func take(_ event: InputEvent) -> [FleetEffect] {
        switch event {
        case .resize(let size): self.size = size
        case .focus: break
        case .mouse(let mouse): return self.size.isTooSmall ? [] : self.take(mouse)
        case .paste(let text):
            guard self.overlay == .filter else {
                self.say("pasted text is accepted only in the filter", isFault: true)
                break
            }
            var field = self.list.filter.text
            field.paste(text)
            self.filter(field)
        case .key(let key): return self.take(key)
        }
        return []
    }

    private mutating func take(_ key: Key) -> [FleetEffect] {
        if key.modifiers.contains(.alt), self.keys.command(for: key, in: Self.view) == nil {
            // A terminal sends Esc followed quickly by a key as it sends that key with Alt.
            return self.take(Key(.escape)) + self.take(Key(key.code, key.modifiers.subtracting(.alt)))
        }
        if key == Key(.character("c"), .control) { return self.interrupt() }
        self.isInterrupted = false
        self.notice = nil
        let command = self.keys.command(for: key, in: Self.view)?.command
        if self.size.isTooSmall { return command == .quit || command == .quitNow ? [.quit] : [] }
        switch self.overlay {
        case .filter: return self.takeFilter(key)
        case .help(let top): return self.takeHelp(key, command, top)
        case .none: return command.map { self.run($0) } ?? []
        }
    }

    private mutating func interrupt() -> [FleetEffect] {
        if self.isInterrupted { return [.quit] }
        self.isInterrupted = true
        self.say("\(self.keys.key(.quit)) quits; Ctrl-C again quits, too")
        return []
    }

    // MARK: Filter

    private mutating func takeFilter(_ key: Key) -> [FleetEffect] {
        switch key.code {
        case .escape:
            self.overlay = .none
            self.filter(TextField())
        case .enter: self.endFilter()
        case .up, .down: self.move(.move(by: key.code == .up ? -1 : 1))
        case .pageUp, .pageDown: self.move(.move(by: (key.code == .pageUp ? -1 : 1) * self.page))
        default:
            var text = self.list.filter.text
            if text.take(key) { self.filter(text) }
        }
        return []
    }

    /// Ends the input of the filter. The start of the name of a field gets a blank at its end, which makes it a word.
    private mutating func endFilter() {
        self.overlay = .none
        if self.list.filter.expected != nil { self.filter(TextField(self.list.filter.text.text + " ")) }
    }

    private mutating func filter(_ text: TextField) {
        self.movedAt = nil
        self.list.perform(.filter(text))
        self.refreshRows()
    }

    // MARK: Help

    private mutating func takeHelp(_ key: Key, _ command: Command?, _ top: Int) -> [FleetEffect] {
        let last = max(0, FleetHelp.lines(self).count - FleetHelp.height(self))
        let next: Int? =
            switch command {
            case .down: top + 1
            case .up: top - 1
            case .pageDown: top + self.page
            case .pageUp: top - self.page
            case .first: 0
            case .last: last
            default: nil
            }
        self.overlay = next.map { .help(top: min(max(0, $0), last)) } ?? .none
        return command == .quitNow ? [.quit] : []
    }

    // MARK: Commands

    /// The number of rows of half a page.
    private var page: Int { max(1, (self.size.height - 8) / 2) }

    /// The commands of the screen, in the order of the footer. Others are those of a process.
    static let commands: [(command: Command, hint: String?, help: String)] = [
        (.open, "open", "open the process: run the command that connects to it"),
        (.back, nil, "clear the filter"),
        (.down, nil, "down"), (.up, nil, "up"), (.first, nil, "first"), (.last, nil, "last"),
        (.pageDown, nil, "half a page down"), (.pageUp, nil, "half a page up"),
        (.sort, "sort", "sort by the next column"), (.left, nil, "sort by the column to the left"),
        (.right, nil, "sort by the column to the right"), (.reverse, "reverse", "reverse the order"),
        (.sortNow, nil, "sort again now"),
        (.filter, "filter", "filter by words, or by name: id: health: life: err: what: (the alert)"),
        (.nextMatch, nil, "next match of the filter"), (.previousMatch, nil, "previous match"),
        (.reconnect, "refresh", "read the table now"), (.pause, "pause", "pause, resume"),
        (.copyRow, nil, "copy the row to the clipboard"), (.copyView, nil, "copy the table to the clipboard"),
        (.theme, nil, "next theme"), (.glyphs, nil, "next glyph set"), (.mouse, nil, "mouse reports on or off"),
        (.redraw, nil, "redraw the screen"), (.suspend, nil, "suspend the program"),
        (.help, "help", "this help"), (.quit, "quit", "quit"), (.quitNow, nil, "quit"),
    ]

    mutating func run(_ command: Command) -> [FleetEffect] {
        switch command {
        case .open: return self.open()
        case .back: self.goBack()
        case .down: self.move(.move(by: 1))
        case .up: self.move(.move(by: -1))
        case .first: self.move(.moveToEnd(first: true))
        case .last: self.move(.moveToEnd(first: false))
        case .pageDown: self.move(.move(by: self.page))
        case .pageUp: self.move(.move(by: -self.page))
        case .sort, .right: self.sort(.sortNext(by: 1))
        case .left: self.sort(.sortNext(by: -1))
        case .reverse: self.sort(.reverse)
        case .sortNow:
            self.movedAt = nil
            self.refreshRows()
            self.say("sorted again")
        case .filter: self.overlay = .filter
        case .nextMatch, .previousMatch: self.moveToMatch(command == .nextMatch ? 1 : -1)
        case .reconnect: return [.refresh]
        case .pause:
            self.isPaused.toggle()
            self.say(self.isPaused ? "paused: no table is read; \(self.keys.key(.pause)) resumes" : "live")
            return self.isPaused ? [] : [.refresh]
        case .copyRow: return self.copyRow()
        case .copyView:
            self.say("the table was sent to the terminal's clipboard")
            return [.copy(self.tableOnScreen.text(isAligned: true))]
        case .theme: self.chooseNextTheme()
        case .glyphs:
            self.glyphs = self.glyphs.next
            self.say("glyphs: \(self.glyphs.rawValue)")
        case .mouse:
            self.usesMouse.toggle()
            self.say(self.usesMouse ? "mouse: resmon" : "mouse: terminal, so that its text selection works")
            return [.mouse(self.usesMouse)]
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .help: self.overlay = .help(top: 0)
        case .quit, .quitNow: return [.quit]
        default: self.say("\(command.rawValue) works only in the dashboard of a process: \(self.keys.key(.open)) opens one", isFault: true)
        }
        return []
    }

    private mutating func open() -> [FleetEffect] {
        guard let row = self.selected else {
            self.say("select a process", isFault: true)
            return []
        }
        do throws(FleetFault) {
            return [.open(row.id, command: try self.configuration.command.arguments(for: row))]
        } catch {
            self.say(error.description, isFault: true)
            return []
        }
    }

    private mutating func goBack() {
        if !self.list.filter.isEmpty { return self.filter(TextField()) }
        self.say("\(self.keys.key(.quit)) quits")
    }

    private mutating func move(_ action: ListAction) {
        self.movedAt = self.now
        self.list.perform(action)
    }

    private mutating func moveToMatch(_ step: Int) {
        guard !self.list.filter.isEmpty else {
            return self.say("there is no filter; \(self.keys.key(.filter)) sets one", isFault: true)
        }
        guard self.list.count > 0 else { return self.say("nothing matches the filter", isFault: true) }
        self.move(.cycle(by: step))
    }

    mutating func sort(_ action: ListAction) {
        self.movedAt = nil
        self.list.perform(action)
        self.refreshRows()
        self.say(self.list.sortWords ?? "")
    }

    private mutating func copyRow() -> [FleetEffect] {
        guard let row = self.selected else {
            self.say("select a row to copy", isFault: true)
            return []
        }
        let figures = FleetColumn.allCases.compactMap { column in
            row.figures[column].map { "\(column.title) \(column == .up ? FleetFigure.age($0) : FleetFigure.text($0, column.unit))" }
        }
        self.say("the row was sent to the terminal's clipboard")
        return [.copy(([row.id.words] + figures + row.alerts.map(\.name)).joined(separator: "  "))]
    }

    private mutating func chooseNextTheme() {
        let themes = self.configuration.themes
        guard !themes.isEmpty else { return }
        let index = themes.firstIndex { $0.name == self.theme.name }.map { ($0 + 1) % themes.count } ?? 0
        self.theme = themes[index]
        self.say("theme: \(self.theme.name)")
    }

    // MARK: Mouse

    private mutating func take(_ mouse: Mouse) -> [FleetEffect] {
        guard self.usesMouse else { return [] }
        switch mouse.action {
        case .wheelUp, .wheelDown: self.turn(by: mouse.action == .wheelUp ? -3 : 3)
        case .press where mouse.button == 0: return self.click(mouse)
        case .drag where mouse.button == 0: self.drag(mouse)
        case .release: self.grabbed = nil
        case .press, .drag: break
        }
        return []
    }

    private mutating func turn(by step: Int) {
        if case .help(let top) = self.overlay {
            let last = max(0, FleetHelp.lines(self).count - FleetHelp.height(self))
            return self.overlay = .help(top: min(max(0, top + step), last))
        }
        guard case .list(_, let top, let height, let count)? = self.drawn().targets.first(where: \.isList) else { return }
        self.list.perform(.scroll(to: top + step >= count - height ? count : max(0, top + step)))
    }

    private mutating func click(_ mouse: Mouse) -> [FleetEffect] {
        let targets = self.drawn().targets.targets(x: mouse.x, y: mouse.y)
        guard let target = targets.first(where: { !$0.isList }) else { return [] }
        self.notice = nil
        if self.overlay == .filter { self.endFilter() }
        if case .help = self.overlay { self.overlay = .none }
        switch target {
        case .row(_, let index):
            // The rows keep their places, so that a second click hits the same row.
            if case .list(_, let top, _, _)? = targets.first(where: \.isList) { self.list.perform(.scroll(to: top)) }
            let isSelected = self.list.selectedIndex == index
            self.move(.select(index))
            return isSelected ? self.open() : []
        case .header(_, let column): self.sort(.sort(by: column))
        case .scrollBar:
            self.grabbed = target
            self.drag(mouse)
        case .command(let command): return self.run(command)
        case .tab, .pane, .jump, .list, .timeBar, .button, .choice, .cover: break
        }
        return []
    }

    private mutating func drag(_ mouse: Mouse) {
        guard case .scrollBar(_, let y, let height, let shown, let count)? = self.grabbed else { return }
        let row = (min(max(mouse.y, y), y + height - 1) - y) * max(0, count - shown) / max(1, height - 1)
        self.list.perform(.scroll(to: row >= count - shown ? count : row))
    }
}

extension PointerTarget {
    fileprivate var isList: Bool {
        if case .list = self { true } else { false }
    }
}

extension GlyphSet {
    fileprivate var next: GlyphSet {
        let sets = Self.allCases
        return sets[((sets.firstIndex(of: self) ?? 0) + 1) % sets.count]
    }
}

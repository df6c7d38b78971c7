import ResourceContainer
import ResourceMonitoring

extension DashboardState {
    /// Inserts pasted text into the active text field. Returns false if there is none.
    mutating func paste(_ text: String) -> Bool {
        switch self.overlay {
        case .filter:
            self.editFilter { $0.paste(text) }
        case .name(var field, let parent):
            field.paste(text)
            self.overlay = .name(field, parent: parent)
        case .picker(var picker):
            picker.query.paste(text)
            self.overlay = .picker(picker)
        case .help(var help):
            help.query.paste(text)
            self.overlay = .help(help)
        case .palette(var palette):
            palette.field.paste(text)
            self.overlay = .palette(palette)
        case .write(var field):
            field.paste(text)
            self.overlay = .write(field)
        case .close, .preview, .report, .chooser, .themes, .differences, .quit, .overwrite, .mark, nil:
            return false
        }
        return true
    }

    /// Handles a key while an overlay is open.
    mutating func take(_ key: Key, over overlay: Overlay) -> [Effect] {
        if self.keys.command(for: key, in: self.view)?.command == .redraw { return [.redraw] }
        if self.keys.command(for: key, in: self.view)?.command == .suspend { return [.suspend] }
        switch overlay {
        case .filter: self.takeFilter(key)
        case .help(let help): return self.take(key, help)
        case .palette(let palette): return self.take(key, palette)
        case .name(let field, let parent): return self.takeName(key, field, parent)
        case .picker(let picker): return self.take(key, picker)
        case .close(let dialog): return self.take(key, dialog)
        case .preview: if [.escape, .enter, .character("q"), .character("t")].contains(key.code) { self.overlay = nil }
        case .quit(let dialog): return self.take(key, dialog)
        case .report(let report): self.take(key, report)
        case .chooser(let chooser): return self.take(key, chooser)
        case .differences(let differences): self.take(key, differences)
        case .write(let field): return self.takeFileName(key, field)
        case .overwrite(let dialog): return self.take(key, dialog)
        case .mark(let sets): return self.takeMark(key, sets: sets)
        case .themes(let picker): self.take(key, picker)
        }
        return []
    }

    // MARK: Filter

    mutating func openFilter(_ query: String) {
        if query.isEmpty { return self.overlay = .filter }
        self.edit(TextField(query))
        self.filterHistory.add(query)
    }

    private mutating func takeFilter(_ key: Key) {
        switch key.code {
        case .escape:
            self.filters[self.view] = nil
            self.overlay = nil
            self.refreshRows()
        case .enter:
            self.overlay = nil
            self.filterHistory.add(self.filters[self.view]?.field.text ?? "")
        case .up:
            if let earlier = self.filterHistory.earlier() { self.edit(TextField(earlier)) }
        case .down:
            if let later = self.filterHistory.later() { self.edit(TextField(later)) }
        default:
            self.editFilter { _ = $0.take(key) }
        }
    }

    private mutating func editFilter(_ edit: (inout TextField) -> Void) {
        var field = self.filters[self.view]?.field ?? TextField()
        edit(&field)
        self.edit(field)
    }

    private mutating func edit(_ text: TextField) {
        var field = self.filters[self.view] ?? FilterField()
        field.field = text
        do throws(Filter.Fault) {
            field.filter = try Filter(text.text)
            field.fault = nil
        } catch {
            field.fault = error
        }
        self.filters[self.view] = field
        self.refreshRows()
    }

    // MARK: Palette

    private mutating func take(_ key: Key, _ overlay: Palette) -> [Effect] {
        var palette = overlay
        let matches = palette.matches(self.keys)
        switch key.code {
        case .escape:
            self.overlay = nil
            return []
        case .enter:
            guard matches.indices.contains(palette.selected) else {
                self.say("unknown command: ? lists the commands", .warn)
                self.overlay = nil
                return []
            }
            let match = matches[palette.selected]
            self.overlay = nil
            self.paletteHistory.add(palette.field.text.isEmpty ? match.info.command.rawValue : palette.field.text)
            return self.runHere(match.info, argument: match.argument)
        case .tab where matches.indices.contains(palette.selected):
            // Complete the name, so that an argument can be typed after it.
            palette.field = TextField(matches[palette.selected].info.command.rawValue.replacing(".", with: " ") + " ")
            palette.selected = 0
        case .down: palette.selected = min(palette.selected + 1, max(0, matches.count - 1))
        case .up where palette.selected > 0: palette.selected -= 1
        case .up:
            if let earlier = self.paletteHistory.earlier() { palette.field = TextField(earlier) }
        default:
            if palette.field.take(key) { palette.selected = 0 }
        }
        self.overlay = .palette(palette)
        return []
    }

    /// Runs a command if it works in the current view.
    private mutating func runHere(_ info: CommandInfo, argument: String = "") -> [Effect] {
        guard info.views?.contains(self.view) ?? true else {
            let views = DashboardView.allCases.filter { info.views?.contains($0) ?? true }.map(\.title).joined(separator: ", ")
            self.say("\(info.command.rawValue) works only in \(views)", .warn)
            return []
        }
        return self.run(info, argument: argument)
    }

    // MARK: Help

    private mutating func take(_ key: Key, _ overlay: HelpOverlay) -> [Effect] {
        var help = overlay
        switch key.code {
        case .escape:
            self.overlay = nil
            return []
        case .enter:
            let matches = help.matches(self.keys)
            guard matches.indices.contains(help.selected) else { return [] }
            self.overlay = nil
            return self.runHere(matches[help.selected])
        case .down: help.selected = min(help.selected + 1, max(0, help.matches(self.keys).count - 1))
        case .up: help.selected = max(0, help.selected - 1)
        default:
            if help.query.take(key) { help.selected = 0 }
        }
        self.overlay = .help(help)
        return []
    }

    // MARK: Scopes and bindings

    private mutating func takeName(_ key: Key, _ typed: TextField, _ parent: ScopeID) -> [Effect] {
        var field = typed
        switch key.code {
        case .escape:
            self.overlay = nil
        case .enter:
            self.overlay = nil
            guard self.picture.scopes[parent] != nil else {
                self.say("the parent scope no longer exists", .warn)
                return []
            }
            let name = field.text.isEmpty ? nil : field.text
            return self.start(.openScope(in: parent, name: name), "opening \(name ?? "a scope")")
        default:
            _ = field.take(key)
            self.overlay = .name(field, parent: parent)
        }
        return []
    }

    /// Returns the bindings that the picker offers, in the order of their registration.
    func offered(_ picker: BindingPicker) -> [BindingRow] {
        self.picture.bindings.values.sorted { $0.binding.id < $1.binding.id }
            .filter { picker.query.text.isEmpty || Filter.contains($0.binding.label, picker.query.text) }
    }

    private mutating func take(_ key: Key, _ overlay: BindingPicker) -> [Effect] {
        var picker = overlay
        let offered = self.offered(picker).map(\.binding)
        let index = picker.selected.flatMap { selected in offered.firstIndex { $0.id == selected } } ?? 0
        switch key.code {
        case .escape:
            self.overlay = nil
            return []
        case .enter:
            guard offered.indices.contains(index) else { return [] }
            self.overlay = nil
            guard let scope = self.picture.scopes[picker.scope] else {
                self.say("the scope no longer exists", .warn)
                return []
            }
            return self.start(.get(offered[index].id, in: picker.scope), "getting \(offered[index].label) in \(scope.scope.name)")
        case .down: picker.selected = offered.isEmpty ? nil : offered[min(index + 1, offered.count - 1)].id
        case .up: picker.selected = offered.isEmpty ? nil : offered[max(index - 1, 0)].id
        default:
            if picker.query.take(key) { picker.selected = nil }
        }
        self.overlay = .picker(picker)
        return []
    }

    private mutating func take(_ key: Key, _ overlay: CloseDialog) -> [Effect] {
        if case .character("y") = key.code, key.modifiers.isEmpty { return self.press(overlay.isForced ? .force : .close, overlay) }
        guard let button = Self.answer(key, overlay.button) else {
            var dialog = overlay
            dialog.button = Self.moved(key, dialog.button, overlay.buttons)
            self.overlay = .close(dialog)
            return []
        }
        return self.press(button, overlay)
    }

    /// Performs the action of a dialog's button on the scope that the dialog names.
    mutating func press(_ button: CloseDialog.Button, _ dialog: CloseDialog) -> [Effect] {
        self.overlay = nil
        guard button != .cancel else {
            self.say("\(dialog.name) stays open")
            return []
        }
        guard self.newest.scopes[dialog.scope] != nil else {
            self.say("\(dialog.name) has already closed; nothing was done", .warn)
            return []
        }
        let isForced = button == .force
        return self.start(.closeScope(dialog.scope, force: isForced), "closing \(dialog.name)\(isForced ? " by force" : "")")
    }

    private mutating func take(_ key: Key, _ overlay: QuitDialog) -> [Effect] {
        if case .character("y") = key.code, key.modifiers.isEmpty { return self.press(.close, overlay) }
        guard let button = Self.answer(key, overlay.button) else {
            var dialog = overlay
            dialog.button = Self.moved(key, dialog.button, [.cancel, .close])
            self.overlay = .quit(dialog)
            return []
        }
        return self.press(button, overlay)
    }

    mutating func press(_ button: CloseDialog.Button, _ dialog: QuitDialog) -> [Effect] {
        self.overlay = nil
        return button == .cancel ? [] : [.quit]
    }

    /// Returns the button that a key presses, except `y`; nil if it presses none.
    static func answer(_ key: Key, _ focused: CloseDialog.Button) -> CloseDialog.Button? {
        switch (key.code, key.modifiers) {
        case (.character("n"), []), (.escape, _): .cancel
        case (.enter, []): focused
        default: nil
        }
    }

    static func moved(_ key: Key, _ button: CloseDialog.Button, _ buttons: [CloseDialog.Button]) -> CloseDialog.Button {
        let index = buttons.firstIndex(of: button) ?? 0
        switch (key.code, key.modifiers) {
        case (.tab, .shift), (.left, _): return buttons[(index + buttons.count - 1) % buttons.count]
        case (.tab, _), (.right, _): return buttons[(index + 1) % buttons.count]
        default: return button
        }
    }

    // MARK: Report and themes

    private mutating func take(_ key: Key, _ overlay: ReportOverlay) {
        var report = overlay
        switch key.code {
        case .escape, .enter, .character("q"), .character(" "):
            self.overlay = nil
            return
        case .down, .character("j"): report.top = min(report.top + 1, max(0, report.report.allEntries.count - 1))
        case .up, .character("k"): report.top = max(0, report.top - 1)
        default: break
        }
        self.overlay = .report(report)
    }

    private mutating func take(_ key: Key, _ overlay: ThemePicker) {
        var picker = overlay
        let themes = self.themes
        switch key.code {
        case .escape:
            self.theme = picker.original
            self.overlay = nil
            return
        case .enter:
            self.overlay = nil
            self.say("theme: \(self.theme.name)")
            return
        case .down, .character("j"): picker.selected = min(picker.selected + 1, themes.count - 1)
        case .up, .character("k"): picker.selected = max(picker.selected - 1, 0)
        default: break
        }
        if themes.indices.contains(picker.selected) { self.theme = themes[picker.selected] }
        self.overlay = .themes(picker)
    }
}

import ResourceContainer
import ResourceMonitoring

extension DashboardState {
    /// Puts pasted text where text can be typed; false where it cannot.
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
        case .close, .report, .themes, .quit, nil:
            return false
        }
        return true
    }

    /// Takes a key while something stands over the view.
    mutating func take(_ key: Key, over overlay: Overlay) -> [Effect] {
        if key == Key(.character("l"), .control) { return [.redraw] }
        if key == Key(.character("z"), .control) { return [.suspend] }
        switch overlay {
        case .filter: self.takeFilter(key)
        case .help(let help): return self.take(key, help)
        case .name(let field, let parent): return self.takeName(key, field, parent)
        case .picker(let picker): return self.take(key, picker)
        case .close(let dialog): return self.take(key, dialog)
        case .quit(let dialog): return self.take(key, dialog)
        case .report(let report): self.take(key, report)
        case .themes(let picker): self.take(key, picker)
        }
        return []
    }

    // MARK: Filter

    private mutating func takeFilter(_ key: Key) {
        switch key.code {
        case .escape:
            self.filters[self.view] = nil
            self.overlay = nil
            self.refreshRows()
        case .enter:
            self.overlay = nil
        case .down, .up:
            self.move(by: key.code == .down ? 1 : -1)
        default:
            self.editFilter { _ = $0.take(key) }
        }
    }

    private mutating func editFilter(_ edit: (inout TextField) -> Void) {
        var field = self.filters[self.view] ?? FilterField()
        edit(&field.field)
        do throws(Filter.Fault) {
            field.filter = try Filter(field.field.text)
            field.fault = nil
        } catch {
            field.fault = error
        }
        self.filters[self.view] = field
        self.refreshRows()
    }

    // MARK: Help

    private mutating func take(_ key: Key, _ overlay: HelpOverlay) -> [Effect] {
        var help = overlay
        switch key.code {
        case .escape:
            self.overlay = nil
            return []
        case .enter:
            let matches = help.matches
            guard matches.indices.contains(help.selected) else { return [] }
            self.overlay = nil
            let info = matches[help.selected]
            guard info.views?.contains(self.view) ?? true else {
                self.say("\(info.command.rawValue) works in \(info.views?.map(\.title).sorted().joined(separator: ", ") ?? "")", .warn)
                return []
            }
            return self.run(info)
        case .down: help.selected = min(help.selected + 1, max(0, help.matches.count - 1))
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
                self.say("the scope to open it in is gone", .warn)
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

    /// The bindings that the picker offers, in the order they were made.
    func offered(_ picker: BindingPicker) -> [BindingRow] {
        self.picture.bindings.values.sorted { $0.binding.id < $1.binding.id }
            .filter { picker.query.text.isEmpty || Filter.contains($0.binding.label, picker.query.text) }
    }

    private mutating func take(_ key: Key, _ overlay: BindingPicker) -> [Effect] {
        var picker = overlay
        let offered = self.offered(picker).map(\.binding)
        let place = picker.selected.flatMap { selected in offered.firstIndex { $0.id == selected } } ?? 0
        switch key.code {
        case .escape:
            self.overlay = nil
            return []
        case .enter:
            guard offered.indices.contains(place) else { return [] }
            self.overlay = nil
            guard let scope = self.picture.scopes[picker.scope] else {
                self.say("the scope to get it into is gone", .warn)
                return []
            }
            return self.start(.get(offered[place].id, in: picker.scope), "getting \(offered[place].label) in \(scope.scope.name)")
        case .down: picker.selected = offered.isEmpty ? nil : offered[min(place + 1, offered.count - 1)].id
        case .up: picker.selected = offered.isEmpty ? nil : offered[max(place - 1, 0)].id
        default:
            if picker.query.take(key) { picker.selected = nil }
        }
        self.overlay = .picker(picker)
        return []
    }

    private mutating func take(_ key: Key, _ overlay: CloseDialog) -> [Effect] {
        guard let button = Self.answer(key, overlay.button) else {
            var dialog = overlay
            dialog.button = Self.moved(key, dialog.button)
            self.overlay = .close(dialog)
            return []
        }
        self.overlay = nil
        switch button {
        case .cancel:
            self.say("\(overlay.name) stays open")
            return []
        case .close:
            guard self.picture.scopes[overlay.scope] != nil else {
                self.say("\(overlay.name) closed meanwhile: nothing was done", .warn)
                return []
            }
            return self.start(.closeScope(overlay.scope), "closing \(overlay.name)")
        }
    }

    private mutating func take(_ key: Key, _ overlay: QuitDialog) -> [Effect] {
        guard let button = Self.answer(key, overlay.button) else {
            var dialog = overlay
            dialog.button = Self.moved(key, dialog.button)
            self.overlay = .quit(dialog)
            return []
        }
        self.overlay = nil
        switch button {
        case .cancel: return []
        case .close: return [.quit]
        }
    }

    /// The button that a key presses; nil if it presses none.
    private static func answer(_ key: Key, _ focused: CloseDialog.Button) -> CloseDialog.Button? {
        switch (key.code, key.modifiers) {
        case (.character("y"), []): .close
        case (.character("n"), []), (.escape, _): .cancel
        case (.enter, []): focused
        default: nil
        }
    }

    private static func moved(_ key: Key, _ button: CloseDialog.Button) -> CloseDialog.Button {
        switch key.code {
        case .tab, .left, .right: button == .cancel ? .close : .cancel
        default: button
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
        let themes = self.configuration.themes
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

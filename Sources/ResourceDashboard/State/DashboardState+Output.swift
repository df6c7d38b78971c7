import ResourceContainer
import ResourceMonitoring

/// Output of the dashboard to the clipboard and to files.
extension DashboardState {
    mutating func copyRow() -> [Effect] {
        guard let text = self.selectedText else {
            self.say("select a row to copy", .warn)
            return []
        }
        return self.copy(text, "the row")
    }

    mutating func copyView() -> [Effect] {
        self.copy(TextRenderer.render(self.withoutOverlay.render()), "the view")
    }

    private mutating func copy(_ text: String, _ what: String) -> [Effect] {
        self.say("\(what) was sent to the terminal's clipboard (\(Format.count(text.utf8.count)) bytes)")
        return [.copy(text)]
    }

    private var withoutOverlay: DashboardState {
        var state = self
        state.overlay = nil
        return state
    }

    /// The selected row as text.
    private var selectedText: String? {
        let picture = self.picture
        switch self.view {
        case .events:
            guard let line = self.selectedEvent ?? self.eventRows.last.map({ picture.events[$0] }) else { return nil }
            return "\(self.configuration.clock.preciseTime(line.time)) \(line.source) \(line.level.label) \(line.text)"
        case .findings:
            return self.selectedFinding.map { finding in
                "\(finding.kind.rawValue) \(finding.subjectText): \(finding.evidence)\(finding.location.map { " at \($0)" } ?? ""). \(finding.advice)"
            }
        case .pools:
            return self.poolRows.first { $0.resource == self.actionResource }.map {
                "\($0.name) leased \($0.leased) idle \($0.idle) waiting \($0.waiting) of \($0.maximum), timed out \($0.timedOut)"
            }
        case .overview, .scopes, .resources, .health, .graph:
            if let id = self.actionResource, let row = picture.resources[id] ?? picture.endedResources.last(where: { $0.resource.id == id })
            {
                let location = picture.bindings[row.resource.binding].map { " bound \($0.binding.location)" } ?? ""
                return "\(picture.label(of: id, binding: row.resource.binding)) \(row.stateLabel) in "
                    + "\(picture.scopeName(row.resource.scope))\(location) lived \(Format.duration(picture.life(of: row))) errors \(row.errors)"
                    + (row.lastError.map { " \($0)" } ?? "")
            }
            guard let scope = self.selectedScope, let row = picture.scopes[scope] else { return nil }
            return
                "\(picture.path(of: scope)) open for \(Format.age(picture.time - row.scope.openedAt)), resources \(row.scope.books.active) "
                + "errors \(row.scope.books.errors) opened at \(row.scope.location)"
        }
    }

    // MARK: Files

    mutating func writeFrame(_ name: String) -> [Effect] {
        guard name.isEmpty else { return self.write(to: name) }
        self.overlay = .write(TextField("resmon-\(self.view.rawValue).txt"))
        return []
    }

    mutating func takeFileName(_ key: Key, _ typed: TextField) -> [Effect] {
        var field = typed
        switch key.code {
        case .escape:
            self.overlay = nil
        case .enter:
            self.overlay = nil
            guard !field.text.isEmpty else { return [] }
            let effects = self.write(to: field.text)
            // An invalid name stays in the field, to be corrected.
            if effects.isEmpty { self.overlay = .write(field) }
            return effects
        default:
            _ = field.take(key)
            self.overlay = .write(field)
        }
        return []
    }

    /// Writes the frame in the format given by the extension of `name`, or as plain text without one.
    private mutating func write(to name: String) -> [Effect] {
        let format: FrameFormat
        switch FrameFormat.named(by: name) {
        case .nothing: format = .text
        case .format(let named): format = named
        case .unknown(let end):
            self.say("unknown extension \(end): expected \(FrameFormat.knownExtensions)", .warn)
            return []
        }
        do {
            return self.start(.write(try self.frame(as: format), to: name), "writing \(name)")
        } catch {
            self.say("the frame cannot be written as \(format.rawValue): \(error)", .error)
            return []
        }
    }

    private func frame(as format: FrameFormat) throws -> String {
        let state = self.withoutOverlay
        switch format {
        case .text: return TextRenderer.render(state.render())
        case .ansi: return ANSIRenderer.render(state.render(), depth: .direct)
        case .svg:
            let title = "resmon: \(self.view.title) of \(self.picture.container)"
            return SVGRenderer.render(state.render(), theme: self.theme, title: title)
        case .json: return try StableJSON.encode(FrameDocument(state))
        }
    }

    // MARK: Existing files

    /// Asks whether an existing file may be replaced.
    mutating func askToReplace(_ effect: Effect) {
        guard case .write(let text, let path) = effect else { return }
        guard self.overlay == nil else {
            return self.say("\(path) exists and was not replaced: \(self.keys.key(.writeFrame)) asks again", .warn)
        }
        self.notice = nil
        self.overlay = .overwrite(OverwriteDialog(text: text, path: path))
    }

    mutating func take(_ key: Key, _ overlay: OverwriteDialog) -> [Effect] {
        if case .character("y") = key.code, key.modifiers.isEmpty { return self.press(.close, overlay) }
        guard let button = Self.answer(key, overlay.button) else {
            var dialog = overlay
            dialog.button = Self.moved(key, dialog.button, [.cancel, .close])
            self.overlay = .overwrite(dialog)
            return []
        }
        return self.press(button, overlay)
    }

    mutating func press(_ button: CloseDialog.Button, _ dialog: OverwriteDialog) -> [Effect] {
        self.overlay = nil
        guard button != .cancel else {
            self.say("\(dialog.path) was not replaced")
            return []
        }
        return self.start(.overwrite(dialog.text, to: dialog.path), "replacing \(dialog.path)")
    }
}

import ResourceContainer
import ResourceMonitoring

/// Output of the dashboard to the clipboard and to files.
extension DashboardState {
    mutating func copyRow() -> [Effect] {
        guard let text = self.screen.text(self.context) else {
            self.say("select a row to copy", .warn)
            return []
        }
        return self.copy(text, "the row")
    }

    /// Copies the table of the focused pane, or else of the main pane, as aligned text, or with tabs for `tsv`.
    mutating func copyView(_ format: String) -> [Effect] {
        guard let table = self.screen.focusedTable(self.context, self.glyphs)?.table else {
            return self.copy(TextRenderer.render(self.withoutOverlay.render()), "the view")
        }
        return self.copy(table.text(isAligned: format != "tsv"), "the table")
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

    // MARK: Files

    mutating func writeFrame(_ name: String) -> [Effect] {
        guard name.isEmpty else { return self.write(to: name) }
        self.overlay = .write(FileNameDialog("resmon-\(self.view.rawValue).txt"))
        return []
    }

    /// Writes the frame in the format given by the extension of `name`, or as plain text without one.
    mutating func write(to name: String) -> [Effect] {
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
}

extension ScreenContext {
    /// Returns a resource as a line of text; nil if it is not known.
    func resourceText(_ id: ResourceID) -> String? {
        guard let row = self.picture.row(of: id) else { return nil }
        let location = self.picture.bindings[row.resource.binding].map { " bound \($0.binding.location)" } ?? ""
        return "\(self.picture.label(of: id, binding: row.resource.binding)) \(row.stateLabel) in "
            + "\(self.picture.scopeName(row.resource.scope))\(location) lived \(Format.duration(self.picture.life(of: row))) errors \(row.errors)"
            + (row.lastError.map { " \($0)" } ?? "")
    }

    /// Returns an open scope as a line of text; nil if it is not open.
    func scopeText(_ id: ScopeID) -> String? {
        guard let row = self.picture.scopes[id] else { return nil }
        return "\(self.picture.path(of: id)) open for \(Format.age(self.picture.time - row.scope.openedAt)), "
            + "resources \(row.scope.books.active) errors \(row.scope.books.errors) opened at \(row.scope.location)"
    }

    /// Returns a finding as a line of text.
    func findingText(_ finding: Finding) -> String {
        "\(finding.kind.rawValue) \(finding.subjectText): \(finding.evidence)\(finding.location.map { " at \($0)" } ?? ""). \(finding.advice)"
    }

    /// Returns an event line as a line of text.
    func eventText(_ line: EventLine) -> String {
        "\(self.clock.preciseTime(line.time)) \(line.source) \(line.level.label) \(line.text)"
    }
}

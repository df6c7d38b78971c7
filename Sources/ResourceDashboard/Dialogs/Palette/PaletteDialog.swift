/// The palette: commands that are typed by their names, and below them the names of items.
///
/// The rows change with the text only, so that the selected row stays while the picture changes.
struct PaletteDialog: Dialog {
    /// A command that matches the text.
    struct Offer: Sendable {
        var info: CommandInfo
        var argument: String
        /// Why the command works in no view at the moment; nil if it may work.
        var obstacle: String?
        /// The view in which the command works; nil for the one that is shown.
        var view: DashboardView?
    }

    private(set) var text = TextField()
    private(set) var commands: [Offer] = []
    private(set) var names: [FoundName] = []
    /// The index of the selected row among the commands and the names after them.
    private(set) var selected = 0
    /// The reason why the selected row was refused; nil after a change of the text or of the selection.
    private(set) var refusal: String?

    /// Creates an empty palette, which offers all commands.
    init(_ state: DashboardState) {
        self.search(state)
    }

    var overlay: Overlay { .palette(self) }
    var isList: Bool { true }
    var survivesReset: Bool { true }

    var field: TextField? {
        get { self.text }
        set { self.text = newValue ?? TextField() }
    }

    /// The number of rows.
    var count: Int { self.commands.count + self.names.count }

    /// The selected command; nil if a name or nothing is selected.
    var selectedCommand: Offer? {
        self.commands.indices.contains(self.selected) ? self.commands[self.selected] : nil
    }

    /// The selected name; nil if a command or nothing is selected.
    var selectedName: FoundName? {
        let index = self.selected - self.commands.count
        return self.names.indices.contains(index) ? self.names[index] : nil
    }

    private mutating func search(_ state: DashboardState) {
        var reach = CommandReach(state)
        self.commands = state.keys.matches(self.text.text).map { match in
            let view = reach.view(for: match.info)
            return Offer(
                info: match.info,
                argument: match.argument,
                obstacle: state.obstacle(to: match.info),
                view: view == state.view ? nil : view
            )
        }
        let hasArgument = !(self.commands.first?.argument.isEmpty ?? true)
        self.names = hasArgument ? [] : state.names(matching: self.text.text)
        self.selected = 0
        self.refusal = nil
    }

    // MARK: Input

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        if key.code == .up, self.selected == 0 {
            if let earlier = state.paletteHistory.earlier() { self.replace(earlier, state) }
            return .stays
        }
        if let index = key.moved(from: self.selected, count: self.count, page: self.place(state.body).list.height, letters: false) {
            self.selected = index
            self.refusal = nil
            return .stays
        }
        switch key.code {
        case .escape: return .closes
        case .enter: return self.run(&state)
        case .tab: self.complete(state)
        default: if self.text.take(key) { self.search(state) }
        }
        return .stays
    }

    mutating func fieldChanged(_ state: inout DashboardState) {
        self.search(state)
    }

    mutating func choose(_ index: Int, _ state: inout DashboardState) -> DialogResult {
        guard index < self.count else { return .stays }
        self.selected = index
        return self.run(&state)
    }

    private mutating func replace(_ text: String, _ state: DashboardState) {
        self.text = TextField(text)
        self.search(state)
    }

    /// Replaces the text by the selected name, so that an argument can be typed after it, or by the nearest name if nothing matches.
    private mutating func complete(_ state: DashboardState) {
        if let offer = self.selectedCommand {
            self.replace("\(offer.info.command.words) \(offer.argument)", state)
        } else if let name = self.selectedName?.name ?? self.nearest(state) {
            self.replace(name, state)
        }
    }

    /// Runs the selected command or goes to the selected item. If it is refused, the palette stays open with its text and the reason.
    private mutating func run(_ state: inout DashboardState) -> DialogResult {
        let outcome: CommandOutcome
        var line = self.text.text
        if let offer = self.selectedCommand {
            outcome = state.runAnywhere(offer.info, argument: offer.argument)
            if line.isEmpty { line = offer.info.command.rawValue }
        } else if let name = self.selectedName {
            outcome = state.go(to: name)
        } else {
            outcome = .refused(self.unknown(state))
        }
        switch outcome {
        case .refused(let reason):
            self.refusal = reason
            return .stays
        case .done(let effects):
            state.paletteHistory.add(line)
            return .closes(effects)
        }
    }

    // MARK: Messages

    /// The message below the field: why the selected row was refused or will be. Returns nil if there is no message.
    func message(_ state: DashboardState) -> String? {
        if let refusal { return refusal }
        guard let offer = self.selectedCommand else { return self.count == 0 ? self.unknown(state) : nil }
        return offer.argument.isEmpty || offer.obstacle != nil ? nil : offer.info.command.fault(in: offer.argument, state)
    }

    private func unknown(_ state: DashboardState) -> String {
        let nearest = self.nearest(state).map { "the nearest is \($0), and Tab completes it" }
        return "'\(self.text.text)' is no command and no name: \(nearest ?? "\(state.keys.key(.help)) lists the commands")"
    }

    /// Returns the name nearest to the text; nil if none is near.
    private func nearest(_ state: DashboardState) -> String? {
        var nearest = NearestName(to: self.text.text)
        nearest.offerCommands(of: state.keys)
        for row in state.picture.bindings.values.sorted(by: { $0.binding.id < $1.binding.id }) {
            nearest.offer(row.binding.label, shown: row.binding.label)
        }
        for pool in state.picture.pools { nearest.offer(pool.name, shown: pool.name) }
        return nearest.name
    }
}

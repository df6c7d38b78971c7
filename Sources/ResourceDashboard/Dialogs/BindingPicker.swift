import ResourceContainer
import ResourceMonitoring

/// The list of bindings to resolve in a scope.
struct BindingPicker: Dialog {
    let scope: ScopeID
    private var query = TextField()
    /// The selected binding. It is kept by identity, because the list may change while it is open.
    private var selected: BindingID?

    init(scope: ScopeID) {
        self.scope = scope
    }

    var overlay: Overlay { .picker(self) }
    var isList: Bool { true }

    var field: TextField? {
        get { self.query }
        set { self.query = newValue ?? TextField() }
    }

    // MARK: Input

    mutating func fieldChanged(_ state: inout DashboardState) {
        self.selected = nil
    }

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        switch key.code {
        case .escape: return .closes
        case .enter: return self.get(&state)
        default: break
        }
        let (_, rows, _, place) = self.parts(state, state.body)
        if let index = key.moved(from: self.index(rows), count: rows.count, page: place.content.height - 2, letters: false) {
            self.selected = rows.isEmpty ? nil : rows[index].binding.id
        } else if self.query.take(key) {
            self.selected = nil
        }
        return .stays
    }

    mutating func choose(_ index: Int, _ state: inout DashboardState) -> DialogResult {
        let rows = self.offered(state.picture)
        guard rows.indices.contains(index) else { return .stays }
        if self.selected == rows[index].binding.id { return self.get(&state) }
        self.selected = rows[index].binding.id
        return .stays
    }

    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        button == .cancel ? .closes : self.get(&state)
    }

    private func get(_ state: inout DashboardState) -> DialogResult {
        let rows = self.offered(state.picture)
        guard !rows.isEmpty else { return .stays }
        guard let scope = state.picture.scopes[self.scope] else {
            state.say("the scope no longer exists", .warn)
            return .closes
        }
        let binding = rows[self.index(rows)].binding
        if let tag = self.missingTag(binding, state.picture) {
            state.say("\(binding.label) needs a scope tagged \(tag); neither \(scope.scope.name) nor a scope around it is", .warn)
            return .stays
        }
        return .closes(state.start(.get(binding.id, in: self.scope), "getting \(binding.label) in \(scope.scope.name)"))
    }

    /// Returns the bindings that match the query, in the order of their registration. A value of a scope and a binding that takes an
    /// argument cannot be resolved here.
    private func offered(_ picture: Picture) -> [BindingRow] {
        picture.bindings.values.filter { $0.binding.form == nil }.sorted { $0.binding.id < $1.binding.id }
            .filter { self.query.text.isEmpty || Filter.contains($0.binding.label, self.query.text) }
    }

    private func index(_ rows: [BindingRow]) -> Int {
        self.selected.flatMap { selected in rows.firstIndex { $0.binding.id == selected } } ?? 0
    }

    /// Returns the tag of the scope that the binding needs, if neither the scope nor a scope around it has it.
    private func missingTag(_ binding: BindingSnapshot, _ picture: Picture) -> String? {
        guard case .tagged(let tag) = binding.lifetime else { return nil }
        var next = picture.scopes[self.scope]?.scope
        while let scope = next {
            if scope.tag == tag { return nil }
            next = scope.parent.flatMap { picture.scopes[$0]?.scope }
        }
        return tag
    }

    // MARK: Drawing

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let (frame, rows, table, place) = self.parts(state, body)
        painter.draw(frame, at: place)
        let rect = place.content
        guard rect.height > 0 else { return }
        let (count, total) = (rows.count, state.picture.bindings.values.count { $0.binding.form == nil })
        let matches = self.query.text.isEmpty ? "" : "\(count) of \(total)"
        let room = rect.width - DisplayText.width(of: matches) - 1
        painter.draw(TextLine(label: "/ ", field: self.query, hint: "type to search"), x: rect.x, y: rect.y, width: room)
        painter.text(matches, x: rect.x + room + 1, y: rect.y, width: rect.width - room - 1, role: .textDim)
        let list = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)
        let shown = painter.choices(table, selected: self.index(rows), in: list)
        if shown.count < count { painter.position("\(self.index(rows) + 1) of \(count)", at: place) }
    }

    /// Returns the parts of the dialog. Its size is that for all bindings, so that it does not change while the user types.
    private func parts(
        _ state: DashboardState,
        _ body: Rect
    ) -> (frame: DialogFrame, rows: [BindingRow], table: Table, place: DialogPlace) {
        var unfiltered = self
        unfiltered.query = TextField()
        let rows = self.offered(state.picture)
        let all = unfiltered.table(unfiltered.offered(state.picture), state.picture)
        var frame = DialogFrame(
            title: "Get a resource in \(state.picture.scopeName(self.scope))\(state.ofProcess)",
            width: max(60, DialogList.width(of: all))
        )
        frame.buttons = [DialogFrame.Button(.cancel, "Cancel"), DialogFrame.Button(.confirm, "Get")]
        frame.hint = "Enter gets it, Esc cancels"
        return (frame, rows, self.table(rows, state.picture), frame.place(rows: all.count + 2, in: body))
    }

    private func table(_ rows: [BindingRow], _ picture: Picture) -> Table {
        let columns = [
            TableColumn("BINDING", "the binding", .content(minimum: 10)),
            TableColumn("LIFETIME", "the lifetime of its instances", .content(minimum: 9)),
            TableColumn("ACTIVE", "the number of its active instances", alignment: .right, priority: 1),
            TableColumn("BOUND AT", "the source location of the binding", .flexible(minimum: 12), priority: 2),
        ]
        return Table(columns, count: rows.count, empty: "no matching binding") { index in
            let binding = rows[index].binding
            let isMissing = self.missingTag(binding, picture) != nil
            let words = Self.words(binding.lifetime) + (isMissing ? ", none here" : "")
            return [
                .label(binding.label, isMissing ? .textDim : .text), .text(words, isMissing ? .healthDegraded : .text),
                .text("\(binding.books.active)", binding.books.active == 0 ? .textDim : .text),
                .location({ "\(binding.location)" }, .textDim),
            ]
        }
    }

    private static func words(_ lifetime: Lifetime) -> String {
        switch lifetime {
        case .singleton: "singleton"
        case .scoped: "scoped"
        case .tagged(let tag): "scoped to \(tag)"
        case .transient: "transient"
        }
    }
}

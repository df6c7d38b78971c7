import ResourceContainer

/// The resources created between two moments that are still alive: their types with the source locations of the bindings, and the instances
/// of the selected type.
struct DifferencesDialog: Dialog {
    let from: TimeMark
    /// The end of the interval; nil for the moment that is shown.
    let to: TimeMark?
    /// The index of the selected type.
    private var selected = 0

    init(from: TimeMark, to: TimeMark?) {
        self.from = from
        self.to = to
    }

    var overlay: Overlay { .differences(self) }
    var isList: Bool { true }

    // MARK: Input

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        switch key.code {
        case .escape, .character("q"), .character("d"):
            return .closes
        case .enter:
            return self.open(&state)
        default:
            let groups = self.differences(state).groups
            let content = self.frame(state).place(rows: .max, in: state.body).content
            let page = Self.areas(content, groups.count).types.height - 1
            self.selected = key.moved(from: self.selected, count: groups.count, page: page) ?? self.selected
            return .stays
        }
    }

    mutating func choose(_ index: Int, _ state: inout DashboardState) -> DialogResult {
        if index == self.selected { return self.open(&state) }
        self.selected = index
        return .stays
    }

    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        button == .cancel ? .closes : self.open(&state)
    }

    /// Goes to the oldest instance of the selected type.
    private func open(_ state: inout DashboardState) -> DialogResult {
        let groups = self.differences(state).groups
        guard groups.indices.contains(self.selected), let oldest = groups[self.selected].resources.first,
            let scope = state.picture.resources[oldest]?.resource.scope
        else { return .stays }
        state.go(to: .member(oldest, of: scope))
        return .closes
    }

    private func differences(_ state: DashboardState) -> Differences {
        Differences(from: self.from, to: self.to, in: state.picture)
    }

    // MARK: Drawing

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let differences = self.differences(state)
        let (frame, groups) = (self.frame(state), differences.groups)
        let place = frame.place(rows: .max, in: body)
        painter.draw(frame, at: place)
        let areas = Self.areas(place.content, groups.count)
        painter.line(self.summary(differences, state), x: areas.summary.x, y: areas.summary.y, width: areas.summary.width)
        guard !groups.isEmpty else { return }
        let shown = painter.choices(Self.types(groups), selected: self.selected, in: areas.types)
        if shown.count < groups.count { painter.position("\(self.selected + 1) of \(groups.count)", at: place) }
        guard groups.indices.contains(self.selected), areas.instances.height > 1 else { return }
        Self.draw(groups[self.selected], state.picture, &painter, areas.instances)
    }

    private func frame(_ state: DashboardState) -> DialogFrame {
        let clock = state.configuration.clock
        let end = self.to.map { "\($0.letter) \(clock.time($0.time))" } ?? "now"
        var frame = DialogFrame(
            title: "\(self.from.letter) \(clock.time(self.from.time)) \(state.glyphs[.right]) \(end)",
            width: 140
        )
        frame.buttons = [DialogFrame.Button(.cancel, "Return"), DialogFrame.Button(.confirm, "Show the oldest")]
        frame.hint = "Enter shows the oldest, Esc closes"
        return frame
    }

    /// Divides the content: the summary, the list of types, and the instances of the selected type if there is room for them.
    private static func areas(_ content: Rect, _ groups: Int) -> (summary: Rect, types: Rect, instances: Rect) {
        let instances = content.height >= 9 ? max(content.height / 2, content.height - 3 - groups) : 0
        let types = max(0, content.height - 1 - (instances > 0 ? instances + 1 : 0))
        return (
            Rect(x: content.x, y: content.y, width: content.width, height: min(1, content.height)),
            Rect(x: content.x, y: content.y + 1, width: content.width, height: types),
            Rect(x: content.x, y: content.y + 2 + types, width: content.width, height: instances)
        )
    }

    private func summary(_ differences: Differences, _ state: DashboardState) -> [Span] {
        let (live, created) = (Format.count(differences.count), Format.count(differences.created))
        let time = state.configuration.clock.time(state.picture.time)
        return [
            Span(
                "\(live) of \(created) created \(differences.count == 1 ? "is" : "are") live",
                differences.count == 0 ? .stateReady : .title
            ),
            Span(" at \(time)", .textDim),
        ]
    }

    private static func types(_ groups: [Differences.Group]) -> Table {
        let columns = [
            TableColumn("LIVE", "the number of its live instances", alignment: .right),
            TableColumn("TYPE", "the type", .content(minimum: 12)),
            TableColumn("BOUND AT", "the source location of the binding", .flexible(minimum: 12)),
        ]
        return Table(columns, count: groups.count, empty: "") { index in
            [
                .text(Format.count(groups[index].resources.count), .title), .label(groups[index].label),
                .location({ groups[index].location.map { "\($0)" } ?? "" }, .textDim),
            ]
        }
    }

    private static func draw(_ group: Differences.Group, _ picture: Picture, _ painter: inout Painter, _ rect: Rect) {
        let (count, room) = (group.resources.count, max(0, rect.height - 2))
        let instances = "\(Format.count(count)) \(count == 1 ? "instance" : "instances")"
        let what = count > room ? "the oldest \(room) of \(instances)" : instances + (count == 1 ? "" : ", the oldest first")
        painter.text("\(group.label): \(what)", x: rect.x, y: rect.y, width: rect.width, role: .title)
        let list = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)
        painter.choices(Self.instances(group.resources.prefix(room), picture, painter.glyphs), selected: nil, in: list)
    }

    private static func instances(_ resources: ArraySlice<ResourceID>, _ picture: Picture, _ glyphs: GlyphSet) -> Table {
        let columns = [
            TableColumn("RESOURCE", "the resource", .content(minimum: 12)),
            TableColumn("AGE", "the time since it was created", alignment: .right),
            TableColumn("STATE", "its state", priority: 2),
            TableColumn("SCOPE", "the scope that owns it", .content(minimum: 8)),
            TableColumn("SCOPE OPENED AT", "the source location that opened the scope", .flexible(minimum: 12), priority: 1),
        ]
        let rows = resources.compactMap { picture.resources[$0] }
        return Table(columns, count: rows.count, empty: "") { index in
            let row = rows[index]
            let scope = picture.scopes[row.resource.scope]?.scope
            return [
                .label(picture.label(of: row.resource.id)), .text(Format.age(picture.time - row.resource.createdAt)),
                .span(Mark(row).span(glyphs)), .text(picture.scopeName(row.resource.scope)),
                .location({ scope.map { "\($0.location)" } ?? "" }, .textDim),
            ]
        }
    }
}

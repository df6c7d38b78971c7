import ResourceContainer
import ResourceMonitoring

/// The list of resources: the active ones in order, above those that ended within a minute.
///
/// An update moves only the resources that changed. The selection stays on its resource while rows are added, removed and reordered. Until
/// the user selects a row, the first is selected.
struct ResourceList: ListStatus {
    /// The resources in the order of the rows.
    private(set) var ids: [ResourceID] = []
    private(set) var total = 0
    /// The index of the selected row. It is found once for each change, because a frame reads it for each row.
    private(set) var selectedIndex: Int?
    private(set) var sort = SortOrder(ResourceColumn.id)
    private(set) var filter = FilterField()
    private(set) var top: Int?
    private var cursor = Cursor<ResourceID>()
    private var order = ResourceOrder()

    let fields: [Filter.Field] = [.type, .scope, .state, .life, .err, .health, .tag, .name, .id, .uses]

    var count: Int { self.ids.count }

    /// The selected resource, or the first if none was selected.
    var selectedID: ResourceID? { self.cursor.selected ?? self.ids.first }

    var sorting: (column: Int, isDescending: Bool)? { (self.sort.column.rawValue, self.sort.isDescending) }

    var sortWords: String? { self.sort.words }

    // MARK: Rows

    /// Rebuilds the rows: O(n) to copy them and O(k log n) for the k resources that changed, or O(n log n) if anything may have changed.
    mutating func refresh(_ context: ScreenContext) {
        let (picture, filter) = (context.picture, self.filter.filter)
        self.cursor.remember(in: self.ids)
        let fresh = self.reorder(context)
        let ended: [ResourceRow] =
            context.showsEnded ? picture.endedResources.filter { filter.isEmpty || filter.passes($0, picture) } : []
        self.total = picture.resources.count + (context.showsEnded ? picture.endedResources.count : 0)
        self.ids = context.holdsOrder ? self.held(fresh, ended.map(\.resource.id)) : self.sorted(ended, picture)
        self.locate()
    }

    /// Brings the active resources into order and returns those that were added.
    private mutating func reorder(_ context: ScreenContext) -> [ResourceID] {
        let (picture, filter, column) = (context.picture, self.filter.filter, self.sort.column)
        func entry(_ row: ResourceRow) -> ResourceOrder.Entry? {
            row.resource.state.isActive && (filter.isEmpty || filter.passes(row, picture)) ? picture.entry(row, column) : nil
        }
        // A filter on lifetime or health, and the order by health, can change without a change of the row.
        if let changed = context.changed, self.order.sort == self.sort, column != .health, !filter.dependsOnMoment {
            return self.order.apply(changed.map { ($0.resource.id, entry($0)) })
        }
        let before = Set(self.ids)
        self.order = ResourceOrder(picture.resources.values.compactMap { entry($0) }, by: self.sort)
        return self.order.ids.filter { !before.contains($0) }
    }

    /// Returns the rows in order. Ended resources are below active ones in every order.
    private func sorted(_ ended: [ResourceRow], _ picture: Picture) -> [ResourceID] {
        guard !ended.isEmpty else { return self.order.ids }
        let isDescending = self.sort.isDescending
        let keyed = ended.map { (key: picture.sortKey($0, self.sort.column), id: $0.resource.id) }.sorted { left, right in
            if left.key == right.key { return left.id < right.id }
            return isDescending ? left.key > right.key : left.key < right.key
        }
        return self.order.ids + keyed.map(\.id)
    }

    /// Returns the rows that are already shown in their positions, with new ones below.
    private func held(_ fresh: [ResourceID], _ ended: [ResourceID]) -> [ResourceID] {
        let over = Set(ended)
        let kept = self.ids.filter { self.order.contains($0) || over.contains($0) }
        let shown: Set<ResourceID> = over.isEmpty ? [] : Set(kept)
        let added = fresh.filter { self.order.contains($0) } + ended.filter { !shown.contains($0) }
        return kept + added.sorted()
    }

    // MARK: Actions

    mutating func perform(_ action: ListAction) {
        switch action {
        case .move(let step):
            self.top = nil
            self.cursor.move(by: step, in: self.ids)
        case .moveToEnd(let first):
            self.top = nil
            self.cursor.jump(toFirst: first, in: self.ids)
        case .cycle(let step):
            self.top = nil
            self.cursor.cycle(by: step, in: self.ids)
        case .select(let index): if self.ids.indices.contains(index) { self.cursor.selected = self.ids[index] }
        case .scroll(let index): self.top = index
        case .sort(let index): self.sort.choose(index)
        case .sortNext(let step): self.sort.move(by: step)
        case .reverse: self.sort.isDescending.toggle()
        case .filter(let text):
            self.top = nil
            self.filter.set(text, fields: self.fields)
        }
        self.locate()
    }

    /// Selects a resource, which may be added later; the first row for nil.
    mutating func select(_ id: ResourceID?) {
        self.cursor.selected = id
        self.top = nil
        self.locate()
    }

    /// Forgets the resources, because another container replaces theirs.
    mutating func reset() {
        self.ids = []
        self.order = ResourceOrder()
        self.select(nil)
    }

    private mutating func locate() {
        self.selectedIndex = self.cursor.selected.map { self.ids.firstIndex(of: $0) } ?? (self.ids.isEmpty ? nil : 0)
    }
}

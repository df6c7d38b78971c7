import ResourceContainer

/// A moment that the person marked with a letter.
struct TimeMark: Sendable, Hashable {
    var letter: Character
    var time: TimeSource.Instant
    /// How many resources had been created by then.
    var created: Int
}

/// What was created between two moments and is still alive: leaks stand out, since what is in use comes and goes.
struct Differences: Sendable, Hashable {
    /// Resources of one binding.
    struct Group: Sendable, Hashable {
        var binding: BindingID
        var label: String
        var place: SourcePlace?
        /// Oldest first.
        var resources: [ResourceID]
    }

    /// The largest group first.
    private(set) var groups: [Group] = []
    /// How many were created between the two moments, alive or not.
    private(set) var created: Int

    var count: Int {
        self.groups.reduce(0) { $0 + $1.resources.count }
    }

    /// What was created after `from` and not after `to`, and lives in `picture`. O(live resources).
    init(from: TimeMark, to: TimeMark?, in picture: Picture) {
        self.created = (to?.created ?? picture.totals.books.created) - from.created
        let end = to?.time ?? picture.time
        var found: [BindingID: [ResourceID]] = [:]
        for (id, row) in picture.resources where row.resource.createdAt > from.time && row.resource.createdAt <= end {
            found[row.resource.binding, default: []].append(id)
        }
        self.groups = found.map { binding, resources in
            let known = picture.bindings[binding]?.binding
            return Group(binding: binding, label: known?.label ?? "?", place: known?.place, resources: resources.sorted())
        }.sorted { ($1.resources.count, $0.binding) < ($0.resources.count, $1.binding) }
    }
}

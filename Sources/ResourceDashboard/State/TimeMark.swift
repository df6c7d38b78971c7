import ResourceContainer

/// A moment that the user marked with a letter.
struct TimeMark: Sendable, Hashable {
    var letter: Character
    var time: TimeSource.Instant
    /// The number of resources created up to that moment.
    var created: Int
}

/// The resources created between two moments that are still alive. Short-lived resources cancel out, so leaks stand out.
struct Differences: Sendable, Hashable {
    /// The resources of one binding.
    struct Group: Sendable, Hashable {
        var binding: BindingID
        var label: String
        var location: CodeLocation?
        /// The resources, oldest first.
        var resources: [ResourceID]
    }

    /// The groups, largest first.
    private(set) var groups: [Group] = []
    /// The number of resources created between the two moments, alive or not.
    private(set) var created: Int

    var count: Int {
        self.groups.reduce(0) { $0 + $1.resources.count }
    }

    /// Finds the resources created after `from` and not after `to` that are live in `picture`. O(live resources).
    init(from: TimeMark, to: TimeMark?, in picture: Picture) {
        self.created = (to?.created ?? picture.totals.books.created) - from.created
        let end = to?.time ?? picture.time
        var found: [BindingID: [ResourceID]] = [:]
        for (id, row) in picture.resources where row.resource.createdAt > from.time && row.resource.createdAt <= end {
            found[row.resource.binding, default: []].append(id)
        }
        self.groups = found.map { binding, resources in
            let known = picture.bindings[binding]?.binding
            return Group(binding: binding, label: known?.label ?? "?", location: known?.location, resources: resources.sorted())
        }.sorted { ($1.resources.count, $0.binding) < ($0.resources.count, $1.binding) }
    }
}

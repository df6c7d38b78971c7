import ResourceContainer

/// A small dependency graph laid out in layers: every resource is at the right of its dependencies.
///
/// The resources of neighboring layers are in different rows, so that the line of a resource never joins that of another one. A line that
/// passes a layer has a row in it.
struct GraphLayers: Sendable {
    /// The largest number of resources, and of rows in all layers.
    static let limit = 120
    private static let slotLimit = 400
    private static let longestLabel = 30

    /// A resource in the layout, in cells from the top left.
    struct Place: Hashable, Sendable {
        var resource: ResourceID
        var label: String
        var x: Int
        var y: Int
        var width: Int
    }

    /// A row of a layer: a resource, or a line to a later layer.
    private struct Slot: Sendable {
        var resource: ResourceID?
        var label: String
        var layer: Int
        var row = 0
        var width: Int
        /// The slots of the next and of the previous layer that have a line to this one.
        var after: [Int] = []
        var before: [Int] = []
        /// The column of the vertical line to the next layer, from the first.
        var track = 0

        init(_ resource: ResourceID?, _ label: String, layer: Int) {
            self.resource = resource
            self.label = DisplayText.clip(label: label, width: GraphLayers.longestLabel).text
            self.layer = layer
            self.width = resource == nil ? 0 : DisplayText.width(of: self.label) + 2
        }
    }

    private var slots: [Slot] = []
    /// The slots of each layer, from the top to the bottom.
    private var layers: [[Int]] = []
    /// The first column of each layer, and the width of its longest label.
    private var columns: [(x: Int, width: Int)] = []
    private(set) var size = Size(width: 0, height: 0)

    /// Lays out `resources`, which are live. Returns nil if there are too many, none, or if they depend on each other in a circle.
    init?(_ resources: [ResourceID], in picture: Picture) {
        guard !resources.isEmpty, resources.count <= Self.limit else { return nil }
        let known = Set(resources)
        var dependents: [ResourceID: [ResourceID]] = [:]
        var missing: [ResourceID: Int] = [:]
        for id in resources {
            let dependencies = Set(picture.resources[id]?.resource.dependencies ?? []).intersection(known).subtracting([id])
            missing[id] = dependencies.count
            for dependency in dependencies { dependents[dependency, default: []].append(id) }
        }
        var layer: [ResourceID: Int] = [:]
        var ready = resources.filter { missing[$0] == 0 }
        var placed = 0
        while let id = ready.popLast() {
            placed += 1
            for dependent in dependents[id] ?? [] {
                layer[dependent] = max(layer[dependent] ?? 0, (layer[id] ?? 0) + 1)
                missing[dependent, default: 0] -= 1
                if missing[dependent] == 0 { ready.append(dependent) }
            }
        }
        guard placed == resources.count else { return nil }
        self.layers = Array(repeating: [], count: (layer.values.max() ?? 0) + 1)
        var index: [ResourceID: Int] = [:]
        for id in resources { index[id] = self.add(Slot(id, picture.label(of: id), layer: layer[id] ?? 0)) }
        for id in resources {
            guard let targets = dependents[id], let start = index[id] else { continue }
            self.connect(start, to: targets.compactMap { index[$0] })
            guard self.slots.count <= Self.slotLimit else { return nil }
        }
        self.order()
        self.place()
    }

    func fits(_ room: Size) -> Bool {
        self.size.width <= room.width && self.size.height <= room.height
    }

    /// The resources with their places.
    var places: [Place] {
        self.slots.compactMap { slot in
            slot.resource.map { Place(resource: $0, label: slot.label, x: self.columns[slot.layer].x, y: slot.row, width: slot.width) }
        }
    }

    // MARK: Layout

    private mutating func add(_ slot: Slot) -> Int {
        self.slots.append(slot)
        self.layers[slot.layer].append(self.slots.count - 1)
        return self.slots.count - 1
    }

    /// Connects a slot to slots of later layers. Layers between them get one slot for the line to all of them.
    private mutating func connect(_ start: Int, to targets: [Int]) {
        let last = targets.reduce(0) { max($0, self.slots[$1].layer) }
        var from = start
        while self.slots[from].layer < last {
            let layer = self.slots[from].layer + 1
            var next = targets.filter { self.slots[$0].layer == layer }
            let line = layer < last ? self.add(Slot(nil, "", layer: layer)) : nil
            if let line { next.append(line) }
            for target in next {
                self.slots[from].after.append(target)
                self.slots[target].before.append(from)
            }
            guard let line else { return }
            from = line
        }
    }

    /// Orders the slots of each layer by the mean position of their neighbors, so that few lines cross.
    private mutating func order() {
        var position = Array(repeating: 0, count: self.slots.count)
        for layer in self.layers {
            for (offset, slot) in layer.enumerated() { position[slot] = offset }
        }
        for sweep in 0..<6 {
            let isForward = sweep.isMultiple(of: 2)
            let indices = Array(self.layers.indices)
            for layer in isForward ? indices : indices.reversed() {
                let keys = self.layers[layer].map { slot -> (Double, Int, Int) in
                    let neighbors = isForward ? self.slots[slot].before : self.slots[slot].after
                    let mean = Double(neighbors.reduce(0) { $0 + position[$1] }) / Double(max(1, neighbors.count))
                    return (neighbors.isEmpty ? Double(position[slot]) : mean, position[slot], slot)
                }
                self.layers[layer] = keys.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
                for (offset, slot) in self.layers[layer].enumerated() { position[slot] = offset }
            }
        }
    }

    /// Finds the row and column of each slot, and of each vertical line.
    private mutating func place() {
        let tallest = self.layers.reduce(0) { max($0, $1.count) }
        for (layer, slots) in self.layers.enumerated() {
            for (offset, slot) in slots.enumerated() {
                self.slots[slot].row = 2 * (offset + (tallest - slots.count) / 2) + layer % 2
            }
        }
        var x = 0
        for slots in self.layers {
            let width = slots.reduce(0) { max($0, self.slots[$1].width) }
            self.columns.append((x, width))
            let tracks = self.assignTracks(slots)
            x += width + (tracks == 0 ? 0 : tracks + 3)
        }
        self.size = Size(width: x, height: (self.slots.reduce(0) { max($0, $1.row) }) + 1)
    }

    /// Gives each slot with lines a column in which its vertical line meets no other, and returns the number of columns.
    private mutating func assignTracks(_ slots: [Int]) -> Int {
        var ends: [Int] = []
        let lines = slots.filter { !self.slots[$0].after.isEmpty }.map { ($0, self.span(of: $0)) }
        for (slot, span) in lines.sorted(by: { ($0.1.lowerBound, $0.0) < ($1.1.lowerBound, $1.0) }) {
            let track = ends.firstIndex { $0 < span.lowerBound } ?? ends.count
            if track == ends.count { ends.append(span.upperBound) } else { ends[track] = span.upperBound }
            self.slots[slot].track = track
        }
        return ends.count
    }

    /// The rows that the vertical line from a slot to the next layer spans.
    private func span(of slot: Int) -> ClosedRange<Int> {
        let rows = self.slots[slot].after.map { self.slots[$0].row } + [self.slots[slot].row]
        return (rows.min() ?? 0)...(rows.max() ?? 0)
    }

    // MARK: Lines

    /// The directions in which a line leaves a cell.
    private struct Directions: OptionSet, Hashable, Sendable {
        let rawValue: UInt8
        static let up = Directions(rawValue: 1)
        static let down = Directions(rawValue: 2)
        static let left = Directions(rawValue: 4)
        static let right = Directions(rawValue: 8)

        var glyph: Glyph {
            switch self {
            case [.down, .right]: .topLeft
            case [.down, .left]: .topRight
            case [.up, .right]: .bottomLeft
            case [.up, .left]: .bottomRight
            case [.up, .down, .right]: .teeRight
            case [.up, .down, .left]: .teeLeft
            case [.up, .down], .up, .down: .vertical
            default: .horizontal
            }
        }
    }

    private struct Point: Hashable {
        var x: Int
        var y: Int
    }

    /// The cells of the lines with their glyphs. A horizontal line passes below the vertical lines of other resources.
    var lines: [(x: Int, y: Int, glyph: Glyph)] {
        var cells: [Point: Directions] = [:]
        var vertical: [Point: Directions] = [:]
        for slot in self.slots where !slot.after.isEmpty {
            let (column, next) = (self.columns[slot.layer], self.columns[slot.layer + 1])
            let x = column.x + column.width + 1 + slot.track
            for left in column.x + (slot.resource == nil ? 0 : slot.width + 1)..<max(column.x + slot.width + 1, x) {
                cells[Point(x: left, y: slot.row)] = [.left, .right]
            }
            let targets = slot.after.map { self.slots[$0] }
            let rows = Set(targets.map(\.row))
            let (top, bottom) = (min(slot.row, rows.min() ?? slot.row), max(slot.row, rows.max() ?? slot.row))
            for y in top...bottom {
                var directions: Directions = y == slot.row ? .left : rows.contains(y) ? .right : []
                if y > top { directions.insert(.up) }
                if y < bottom { directions.insert(.down) }
                vertical[Point(x: x, y: y)] = directions
            }
            for target in targets {
                // A blank separates the line from a label.
                for right in x + 1..<max(x + 1, next.x - (target.resource == nil ? 0 : 1)) {
                    cells[Point(x: right, y: target.row)] = [.left, .right]
                }
            }
        }
        cells.merge(vertical) { _, above in above }
        return cells.map { (x: $0.key.x, y: $0.key.y, glyph: $0.value.glyph) }
    }
}

extension Painter {
    /// Draws the lines of a graph with its top left corner at (`x`, `y`).
    mutating func draw(_ layers: GraphLayers, x: Int, y: Int) {
        let style = self.theme.style(.border)
        for line in layers.lines { self.canvas.draw(line.glyph, x: x + line.x, y: y + line.y, style: style) }
    }
}

extension Picture {
    /// Returns a live resource with everything that it depends on and everything that depends on it, directly or not. The search ends when
    /// there are more than a layout can have.
    func related(to resource: ResourceID) -> [ResourceID] {
        guard self.resources[resource] != nil else { return [] }
        var found: Set<ResourceID> = [resource]
        for isUp in [true, false] {
            var seen: Set<ResourceID> = [resource]
            var waiting = [resource]
            while let id = waiting.popLast(), found.count <= GraphLayers.limit {
                let next = isUp ? self.resources[id]?.resource.dependencies ?? [] : self.dependents[id] ?? []
                for other in next where self.resources[other] != nil && seen.insert(other).inserted {
                    found.insert(other)
                    waiting.append(other)
                }
            }
        }
        return found.sorted()
    }
}

/// The active instances of each process over the last ten minutes: figures at equal distances, oldest first, with nil where there is none.
package struct FleetShapes: Sendable, Hashable {
    /// The distance between two figures, in seconds.
    package static let step = 15.0
    /// The number of figures of a shape.
    package static let count = FleetColumn.shapeSeconds / Int(Self.step) + 1

    private var figures: [FleetKey: [Double?]] = [:]

    package init() {}

    /// Creates the shapes that end at an instant, in seconds since 1970, from the answer to a query for a range.
    init(_ answer: PrometheusAnswer, endingAt time: Double) {
        let start = time - Double(FleetColumn.shapeSeconds)
        for series in answer.series {
            var shape = [Double?](repeating: nil, count: Self.count)
            for point in series.points where point.value.isFinite {
                let index = ((point.time - start) / Self.step).rounded()
                if index >= 0, index < Double(Self.count) { shape[Int(index)] = point.value }
            }
            self[FleetKey(labels: series.labels)] = shape
        }
    }

    /// The figures of a process; empty if there are none.
    package subscript(_ key: FleetKey) -> [Double?] {
        get { self.figures[key] ?? [] }
        set { self.figures[key] = newValue }
    }
}

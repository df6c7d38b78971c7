import Foundation
import ResourceContainer
import ResourceRecording

/// The answer of the Prometheus HTTP API to a query: series with the values of the requested labels, and the server's warnings.
///
/// Everything in it was sent by the server. Reading checks the types of all values that are used and skips everything else, so no input traps.
/// It keeps no more series than ``limit``.
package struct PrometheusAnswer: Sendable, Hashable {
    /// The type of a result.
    package enum Shape: String, Sendable {
        /// One value for each series.
        case vector
        /// Several values for each series.
        case matrix
    }

    /// A value at an instant, in seconds since 1970.
    package struct Point: Sendable, Hashable {
        package var time: Double
        package var value: Double
    }

    /// A series.
    package struct Series: Sendable, Hashable {
        /// The values of the requested labels, in their order; empty for a label that the series does not have.
        package var labels: [String]
        /// The values, in the order of the answer.
        package var points: [Point]
    }

    package var series: [Series]
    /// The warnings and the notes about the query (`infos`), in the order of the answer.
    package var warnings: [String]

    /// The largest number of series of an answer. A server that sends more has another query answered than that of a fleet.
    package static let limit = 200_000

    /// Creates an answer.
    package init(series: [Series] = [], warnings: [String] = []) {
        self.series = series
        self.warnings = warnings
    }

    /// Reads an answer with status 200.
    ///
    /// - Parameters:
    ///   - bytes: The body.
    ///   - shape: The type of the result.
    ///   - labels: The labels to keep.
    /// - Throws: ``FleetFault`` if the body is not such an answer. O(bytes).
    package init(_ bytes: [UInt8], _ shape: Shape, labels: [String]) throws(FleetFault) {
        var reader = AnswerReader(labels: labels)
        do {
            try bytes.withUnsafeBufferPointer { try reader.read($0, shape) }
        } catch {
            throw error as? FleetFault ?? FleetFault("the answer is not JSON of the Prometheus API")
        }
        self.series = reader.series
        self.warnings = reader.warnings
    }
}

/// The reading of one answer.
private struct AnswerReader {
    typealias Point = PrometheusAnswer.Point

    let labels: [[UInt8]]
    var series: [PrometheusAnswer.Series] = []
    var warnings: [String] = []

    init(labels: [String]) {
        self.labels = labels.map { Array($0.utf8) }
    }

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ shape: PrometheusAnswer.Shape) throws {
        let answer = try AnswerEnvelope(bytes)
        if let fault = answer.fault { throw FleetFault(fault) }
        self.warnings = answer.warnings
        guard let data = answer.data else { throw FleetFault("the answer has no data") }
        var walk = JSONWalk(UnsafeBufferPointer(rebasing: bytes[data]))
        var type: String?
        var result: Range<Int>?
        try walk.fields { name, walk in
            switch name {
            case "resultType": type = try walk.string()
            case "result": result = try walk.value()
            default: _ = try walk.value()
            }
        }
        guard type == shape.rawValue else {
            throw FleetFault("the result is \(type.map { "a \($0.asName)" } ?? "of no type"), not a \(shape.rawValue)")
        }
        guard let result else { throw FleetFault("the answer has no result") }
        var list = JSONWalk(UnsafeBufferPointer(rebasing: walk.bytes[result]))
        try list.list(from: "[", to: "]") { walk in
            guard self.series.count < PrometheusAnswer.limit else {
                throw FleetFault("the answer has more than \(PrometheusAnswer.limit) series: give --match")
            }
            if let series = try self.readSeries(&walk) { self.series.append(series) }
        }
    }

    /// Reads a series; nil if it has histograms in place of values.
    private func readSeries(_ walk: inout JSONWalk) throws -> PrometheusAnswer.Series? {
        var labels = Array(repeating: "", count: self.labels.count)
        var points: [Point]?
        try walk.fields { name, walk in
            switch name {
            case "metric": try self.readLabels(&walk, into: &labels)
            case "value": points = [try Self.readPoint(&walk)]
            case "values":
                var values: [Point] = []
                try walk.list(from: "[", to: "]") { walk in values.append(try Self.readPoint(&walk)) }
                points = values
            default: _ = try walk.value()
            }
        }
        return points.map { PrometheusAnswer.Series(labels: labels, points: $0) }
    }

    private func readLabels(_ walk: inout JSONWalk, into labels: inout [String]) throws {
        try walk.list(from: "{", to: "}") { walk in
            let name = try walk.text()
            try walk.expect(":")
            guard let index = self.labels.firstIndex(where: { $0.elementsEqual(walk.bytes[name]) }) else {
                _ = try walk.value()
                return
            }
            labels[index] = try walk.string()
        }
    }

    /// Reads an instant with a value: `[1750000000.5,"12"]`. The value is a text, because JSON has no NaN and no infinity.
    private static func readPoint(_ walk: inout JSONWalk) throws -> Point {
        try walk.expect("[")
        let time = String(decoding: walk.bytes[try walk.value()], as: UTF8.self)
        try walk.expect(",")
        let text = try walk.string()
        try walk.expect("]")
        guard let time = Double(time), time.isFinite else { throw FleetFault("an instant of the answer is not a number") }
        guard let value = Double(text) else { throw FleetFault("a value of the answer is not a number") }
        return Point(time: time, value: value)
    }
}

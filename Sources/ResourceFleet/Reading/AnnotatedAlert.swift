import ResourceRecording

/// A firing alert with its annotations, from the endpoint `/api/v1/alerts`.
package struct AnnotatedAlert: Sendable, Hashable {
    package var key: FleetKey
    package var name: String
    package var subject: String
    package var summary: String
    package var attach: String

    /// Reads the firing alerts of an answer with status 200.
    ///
    /// - Throws: ``FleetFault`` if the body is not such an answer. O(bytes).
    package static func read(_ bytes: [UInt8]) throws(FleetFault) -> [AnnotatedAlert] {
        do {
            return try bytes.withUnsafeBufferPointer { bytes in
                guard let data = try AnswerEnvelope(bytes).data else { throw JSONWalk.Fault() }
                var walk = JSONWalk(UnsafeBufferPointer(rebasing: bytes[data]))
                var alerts: [AnnotatedAlert] = []
                try walk.fields { name, walk in
                    guard name == "alerts" else {
                        _ = try walk.value()
                        return
                    }
                    try walk.list(from: "[", to: "]") { walk in
                        if let alert = try Self.readAlert(&walk) { alerts.append(alert) }
                    }
                }
                return alerts
            }
        } catch {
            throw FleetFault("the answer is not a list of alerts of the Prometheus API")
        }
    }

    /// Reads an alert; nil if it does not fire.
    private static func readAlert(_ walk: inout JSONWalk) throws -> AnnotatedAlert? {
        var labels: [String: String] = [:]
        var annotations: [String: String] = [:]
        var state = ""
        try walk.fields { name, walk in
            switch name {
            case "labels": try walk.fields { name, walk in labels[name] = try walk.string() }
            case "annotations": try walk.fields { name, walk in annotations[name] = try walk.string() }
            case "state": state = try walk.string()
            default: _ = try walk.value()
            }
        }
        guard state == "firing" else { return nil }
        return AnnotatedAlert(
            key: FleetKey(labels: FleetColumn.identity.map { labels[$0] ?? "" }),
            name: labels["alertname"] ?? "",
            subject: labels["pool"] ?? labels["key"] ?? "",
            summary: annotations["summary"] ?? "",
            attach: annotations["attach"] ?? ""
        )
    }
}

import ResourceContainer

/// The body of an `end` line. Recordings that are finished by their recorder have an empty one.
package struct RecordingEnd: Sendable, Hashable, Codable {
    /// The reason for the end, for the user; nil if the recorder was stopped.
    package var reason: String?
    /// The outcome of the container's close, if that is the reason.
    package var report: DisposeReport?

    /// Creates an end.
    package init(reason: String? = nil, report: DisposeReport? = nil) {
        self.reason = reason
        self.report = report
    }
}

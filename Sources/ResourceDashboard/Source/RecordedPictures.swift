import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// A recording as the dashboard shows it.
public typealias RecordedPictures = RecordedRun<Picture>

extension RecordedRun where Picture == ResourceDashboard.Picture {
    /// Reads the recording at `path` once; ``seekNotable()`` goes from error to error.
    public init(path: String, progress: (Double) -> Void = { _ in }) throws(RecordingError) {
        let folding = Folding(
            start: Picture(),
            fold: { picture, update in picture.fold(update) },
            weight: { $0.weight + $0.events.copyWeight },
            isNotable: { $0.kind.level == .error }
        )
        try self.init(path: path, folding: folding, progress: progress)
    }
}

import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// A recording as a sequence of pictures.
public typealias RecordedPictures = RecordedRun<Picture>

extension RecordedRun where Picture == ResourceDashboard.Picture {
    /// Reads the recording at `path` once. ``seekNotable()`` moves from error to error.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - progress: Called while the file is read, with the share that is done, 0 to 1.
    /// - Throws: `RecordingError` if the file is not a recording or cannot be read.
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

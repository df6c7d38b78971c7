import ResourceContainer
import ResourceFeed
import ResourceRecording

extension FeedReader {
    /// Creates a reader of a feed that is read while its program writes it.
    ///
    /// - Parameter time: The time source of the client, whose time is taken as the present.
    init(on time: TimeSource) {
        let header = RecordingHeader(ofProgramOn: time)
        self.init(FeedClock(origin: header.clockOriginNanoseconds, offset: header.clockOffsetSeconds))
    }
}

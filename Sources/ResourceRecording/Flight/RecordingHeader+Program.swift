import Foundation
import ResourceContainer

extension RecordingHeader {
    /// Creates the header of a program that runs now, with its local time.
    ///
    /// - Parameter time: The container's time source. Its time is taken as the present.
    package init(ofProgramOn time: TimeSource) {
        var present = timespec()
        clock_gettime(CLOCK_REALTIME, &present)
        let unix = Int64(present.tv_sec) * 1_000_000_000 + Int64(present.tv_nsec)
        var seconds = present.tv_sec
        var parts = tm()
        // `localtime_r` need not read `TZ`.
        tzset()
        localtime_r(&seconds, &parts)
        self.init(
            container: "",
            origin: "in-process",
            clockOriginNanoseconds: unix.subtractingSaturated(time.now.nanoseconds),
            clockOffsetSeconds: Int64(parts.tm_gmtoff)
        )
    }
}

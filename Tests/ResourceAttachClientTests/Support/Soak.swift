import Foundation

/// The extent of a test: enough for every change, or the full extent if the environment variable `RESMON_SOAK` is set.
enum Soak {
    static let isOn = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1"

    static func count(_ usual: Int, full: Int) -> Int {
        self.isOn ? full : usual
    }
}

import Foundation
import ResourceDashboard
import ResourceRecording

/// Where recordings go that nobody gave a name.
public enum RecordingPlace {
    /// The directory of recordings: `$XDG_STATE_HOME/resmon`, or `~/.local/state/resmon`.
    public static func directory(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        let home = environment["HOME"] ?? NSHomeDirectory()
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/state"
        return "\(state)/resmon"
    }

    /// The file for a name that a person typed, `~` included; for an empty one, a file with the time of day in its name in ``directory``,
    /// which is made if need be.
    public static func path(_ name: String, prefix: String = "recording") throws -> String {
        guard name.isEmpty else { return NSString(string: name).expandingTildeInPath }
        let directory = self.directory()
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        return "\(directory)/\(prefix)-\(LocalTime.stamp()).jsonl"
    }
}

extension RecordingHeader {
    /// The head of a recording whose times are shown as `clock` shows them.
    public init(origin: String, clock: WallClock) {
        self.init(container: "", origin: origin, clockOriginNanoseconds: clock.originNanoseconds, clockOffsetSeconds: clock.offsetSeconds)
    }
}

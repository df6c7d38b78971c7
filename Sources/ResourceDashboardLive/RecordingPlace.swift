import Foundation
import ResourceDashboard
import ResourceRecording

/// Where recordings go that nobody gave a name.
public enum RecordingPlace {
    /// The directory of recordings: `$XDG_STATE_HOME/resmon`, or `$HOME/.local/state/resmon`; nil if neither variable names a place.
    public static func directory(environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return "\(state)/resmon" }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return "\(home)/.local/state/resmon"
    }

    /// The file for a name that a person typed, as it was typed; for an empty one, a file with the time of day in its name in ``directory``,
    /// which is made if need be.
    package static func path(
        _ name: String,
        prefix: String = "recording",
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(FileFault) -> String {
        if case .format(let format) = FrameFormat.named(by: name), format != .text {
            let reason = "a recording is lines of JSON, and this name is one of another format: give one that ends in .jsonl"
            throw FileFault(.refused, "cannot record to '\(name)'", reason)
        }
        guard name.isEmpty else { return name }
        guard let directory = self.directory(environment: environment) else {
            throw FileFault(.refused, "there is no place for recordings", "neither XDG_STATE_HOME nor HOME is set: give the file's name")
        }
        try FilePath.makeDirectory(directory)
        return "\(directory)/\(prefix)-\(LocalTime.stamp()).jsonl"
    }
}

extension RecordingHeader {
    /// The head of a recording whose times are shown as `clock` shows them.
    public init(origin: String, clock: WallClock) {
        self.init(container: "", origin: origin, clockOriginNanoseconds: clock.originNanoseconds, clockOffsetSeconds: clock.offsetSeconds)
    }
}

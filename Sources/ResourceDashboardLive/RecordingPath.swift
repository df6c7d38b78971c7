import Foundation
import ResourceDashboard
import ResourceRecording

/// The paths of recordings: their default directory and their default names.
public enum RecordingPath {
    /// The directory of recordings: `$XDG_STATE_HOME/resmon` or `$HOME/.local/state/resmon`. Nil if neither variable is set.
    public static func directory(environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return "\(state)/resmon" }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return "\(home)/.local/state/resmon"
    }

    /// The path of a recording: `name` as it was typed. If `name` is empty, the path of a file in ``directory(environment:)``, with the
    /// time of day in its name; the directory is created if necessary.
    ///
    /// - Throws: `FileFault` if the name has the extension of another format, if there is no directory for recordings, or if it cannot be
    ///   created.
    package static func path(
        _ name: String,
        prefix: String = "recording",
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(FileFault) -> String {
        if case .format(let format) = FrameFormat.named(by: name), format != .text {
            let reason = "a recording consists of lines of JSON, and this is the name of another format: give one that ends in .jsonl"
            throw FileFault(.refused, "cannot record to '\(name)'", reason)
        }
        guard name.isEmpty else { return name }
        guard let directory = self.directory(environment: environment) else {
            throw FileFault(.refused, "no directory for recordings", "neither XDG_STATE_HOME nor HOME is set: give the name of a file")
        }
        try FilePath.makeDirectory(directory)
        return "\(directory)/\(prefix)-\(LocalTime.stamp()).jsonl"
    }
}

/// The former name of ``RecordingPath``.
@available(*, deprecated, renamed: "RecordingPath")
public typealias RecordingPlace = RecordingPath

extension RecordingHeader {
    /// Creates the header of a recording whose times are shown with `clock`.
    public init(origin: String, clock: WallClock) {
        self.init(container: "", origin: origin, clockOriginNanoseconds: clock.originNanoseconds, clockOffsetSeconds: clock.offsetSeconds)
    }
}

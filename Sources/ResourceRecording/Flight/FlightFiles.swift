import Foundation
import ResourceContainer

/// The directory of the files that a flight recorder saves by itself.
struct FlightFiles: Sendable {
    private let saving: FlightSaving
    /// The container as part of the names.
    private let container: String

    /// The number of files for the same second and reason.
    private static let attempts = 100

    init(_ saving: FlightSaving, container: String) {
        self.saving = saving
        self.container = FlightFileName.part(of: container)
    }

    private func directory() throws(RecordingError) -> String {
        do {
            return try FilePath.expanded(self.saving.directory, home: FilePath.home, "'\(self.saving.directory)' is no directory")
        } catch {
            throw RecordingError(error.description)
        }
    }

    /// Creates the next file, and the directory if it does not exist.
    ///
    /// - Throws: ``RecordingError`` if that is not possible.
    func begin(for reason: FlightReason, at unixSeconds: Int64) throws(RecordingError) -> OutputFile {
        let directory = try self.directory()
        var name = FlightFileName(container: self.container, unixSeconds: unixSeconds, reason: reason)
        do {
            try FilePath.makeDirectory(directory)
            for attempt in 1...Self.attempts {
                name.attempt = attempt
                let path = "\(directory)/\(name.text)"
                // Also a link that leads nowhere.
                var status = stat()
                if lstat(path, &status) == 0 { continue }
                do {
                    return try OutputTarget(path).begin(mode: 0o600)
                } catch {
                    if error.kind != .exists { throw error }
                }
            }
        } catch {
            throw RecordingError("the flight recorder cannot save: \(error)")
        }
        throw RecordingError("the flight recorder cannot save: '\(directory)' has \(Self.attempts) files for this second")
    }

    /// Drops files that are too old or, together with newer ones, too large. The newest file is not dropped for its size.
    ///
    /// - Throws: ``RecordingError`` if the directory cannot be read or a file cannot be removed.
    func dropOld(at unixSeconds: Int64) throws(RecordingError) {
        let directory = try self.directory()
        let entries: [String]
        do {
            guard FileManager.default.fileExists(atPath: directory) else { return }
            entries = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw RecordingError("the flight recorder cannot drop old files: '\(directory)' cannot be read")
        }
        let names = entries.compactMap { FlightFileName($0, container: self.container) }
            .sorted { ($1.unixSeconds, $1.attempt) < ($0.unixSeconds, $0.attempt) }
        let oldest = unixSeconds.subtractingSaturated(max(.zero, self.saving.retain).wholeNanoseconds / 1_000_000_000)
        var size = 0
        var kept = 0
        for name in names {
            let path = "\(directory)/\(name.text)"
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            size.addSaturated(Int(status.st_size))
            if name.unixSeconds > oldest, kept == 0 || size <= self.saving.atMost {
                kept += 1
                continue
            }
            if unlink(path) != 0, errno != ENOENT {
                throw RecordingError("the flight recorder cannot drop '\(path)': \(FileFault.words(errno))")
            }
        }
    }
}

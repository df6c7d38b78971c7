import ArgumentParser
import Foundation
import ResourceAttachClient
import ResourceRecording
import UnixSignals

/// A recording of a running process for a limited time, in a temporary file that only the caller of ``with(_:for:_:)`` reads.
enum AttachedSample {
    /// The reason why a sample ended.
    enum End: Equatable {
        /// The time was over.
        case complete
        /// The process ended the stream with an end line: the container was closed, or the server was stopped.
        case closed
        /// The recording broke off, for this reason.
        case lost(String)
    }

    /// Records the process at `endpoint` for `length`, and passes the path of the recording and the reason for its end to `body`. The file
    /// is removed at the end.
    ///
    /// - Throws: `RecordingError` if the process cannot be reached; `ExitCode` if a signal requested the end.
    static func with<Value>(
        _ endpoint: AttachEndpoint,
        for length: Duration,
        _ body: (String, End) throws -> Value
    ) async throws -> Value {
        let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
        let recording = try AttachedRecording(endpoint, to: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        let ending = await RecordingRun.run(for: length, signals, stop: { recording.stop() }) { try await recording.run() }
        switch ending {
        case .success(.complete): return try body(path, .complete)
        case .success(.ended): return try body(path, .closed)
        case .success(.signal(let number)): throw ExitCode(ExitStatus.signal(number))
        case .failure(let error):
            guard let error = error as? RecordingError, error.isCutOff else { throw error }
            // The file is removed, so its path is of no use.
            return try body(path, .lost(error.description.replacing(" to '\(path)'", with: "")))
        }
    }
}
